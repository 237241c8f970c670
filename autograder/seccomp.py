"""The system calls that a worker may make: an allow-list as a table, and the filter made from it.

The table's columns are the name of a call and its number on x86-64 and on aarch64 (``-`` where that machine has
none); the numbers are those of the kernel's ``asm/unistd.h``. A call is allowed, allowed for some arguments,
refused with an error, or answered with a success that never happened. What is in no table does not exist for
a worker (ENOSYS), so that a C library falls back to an older call that is in one.

The filter is classic BPF, as seccomp(2) describes it. It works on numbers only: pointers, and so names of
files, are Landlock's matter.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import platform
import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import linux

# ---- the table -----------------------------------------------------------------------------------------

ALLOWED = """
# Memory.
mmap                       9   222
mprotect                  10   226
munmap                    11   215
brk                       12   214
mremap                    25   216
msync                     26   227
mincore                   27   232
madvise                   28   233
mbind                    237   235
get_mempolicy            239   236
membarrier               324   283
# Threads of this process, and waiting for each other.
sched_yield               24   124
exit                      60    93
arch_prctl               158     -
gettid                   186   178
futex                    202    98
set_tid_address          218    96
restart_syscall          219   128
exit_group               231    94
set_robust_list          273    99
get_robust_list          274   100
rseq                     334   293
futex_waitv              449   449
# Who and where one is: nothing is changed.
getpid                    39   172
uname                     63   160
umask                     95   166
getrlimit                 97   163
getrusage                 98   165
sysinfo                   99   179
times                    100   153
getuid                   102   174
getgid                   104   176
geteuid                  107   175
getegid                  108   177
getppid                  110   173
getpgrp                  111     -
getgroups                115   158
getresuid                118   148
getresgid                120   150
getpgid                  121   155
getsid                   124   156
capget                   125    90
getpriority              140   141
sched_getparam           143   121
sched_getscheduler       145   120
sched_get_priority_max   146   125
sched_get_priority_min   147   126
sched_rr_get_interval    148   127
sched_getaffinity        204   123
getcpu                   309   168
sched_getattr            315   275
# Clocks and sleep.
pause                     34     -
nanosleep                 35   101
getitimer                 36   102
alarm                     37     -
setitimer                 38   103
gettimeofday              96   169
time                     201     -
timer_create             222   107
timer_settime            223   110
timer_gettime            224   108
timer_getoverrun         225   109
timer_delete             226   111
clock_gettime            228   113
clock_getres             229   114
clock_nanosleep          230   115
timerfd_create           283    85
timerfd_settime          286    86
timerfd_gettime          287    87
getrandom                318   278
# Signals as this process receives them.
rt_sigaction              13   134
rt_sigprocmask            14   135
rt_sigreturn              15   139
rt_sigpending            127   136
rt_sigtimedwait          128   137
rt_sigsuspend            130   133
sigaltstack              131   132
signalfd                 282     -
signalfd4                289    74
# Open files.
read                       0    63
write                      1    64
close                      3    57
fstat                      5    80
lseek                      8    62
pread64                   17    67
pwrite64                  18    68
readv                     19    65
writev                    20    66
pipe                      22     -
dup                       32    23
dup2                      33     -
sendfile                  40    71
flock                     73    32
fsync                     74    82
fdatasync                 75    83
ftruncate                 77    46
getdents                  78     -
fstatfs                  138    44
readahead                187   213
getdents64               217    61
fadvise64                221   223
splice                   275    76
tee                      276    77
fallocate                285    47
dup3                     292    24
pipe2                    293    59
preadv                   295    69
pwritev                  296    70
copy_file_range          326   285
preadv2                  327   286
pwritev2                 328   287
close_range              436   436
# Names of files. Landlock decides what may be opened, made, moved and removed.
stat                       4     -
lstat                      6     -
access                    21     -
getcwd                    79    17
chdir                     80    49
fchdir                    81    50
rename                    82     -
mkdir                     83     -
rmdir                     84     -
creat                     85     -
link                      86     -
unlink                    87     -
symlink                   88     -
readlink                  89     -
statfs                   137    43
mkdirat                  258    34
newfstatat               262    79
unlinkat                 263    35
renameat                 264    38
linkat                   265    37
symlinkat                266    36
readlinkat               267    78
faccessat                269    48
renameat2                316   276
statx                    332   291
faccessat2               439   439
# Waiting for files.
poll                       7     -
select                    23     -
epoll_create             213     -
epoll_wait               232     -
epoll_ctl                233    21
pselect6                 270    72
ppoll                    271    73
epoll_pwait              281    22
eventfd                  284     -
eventfd2                 290    19
epoll_create1            291    20
epoll_pwait2             441   441
# The connection to the grader, which is open already, and pairs of a process's own.
recvfrom                  45   207
sendmsg                   46   211
recvmsg                   47   212
shutdown                  48   210
getsockname               51   204
getpeername               52   205
setsockopt                54   208
getsockopt                55   209
# Limits of its own, which it can only lower.
setrlimit                160   164
# Waiting for children, of which there are none.
wait4                     61   260
waitid                   247    95
"""

# Landlock does not cover these, and a worker must not change a file that it may only read. They are answered
# with a success that never happened, because `shutil.copy` and its like give up when one of them fails.
PRETENDED = """
chmod                     90     -
fchmod                    91    52
fchmodat                 268    53
fchmodat2                452   452
chown                     92     -
fchown                    93    55
lchown                    94     -
fchownat                 260    54
utime                    132     -
utimes                   235     -
futimesat                261     -
utimensat                280    88
setxattr                 188     5
lsetxattr                189     6
fsetxattr                190     7
removexattr              197    14
lremovexattr             198    15
fremovexattr             199    16
"""

# Nothing has extended attributes here, which copying files takes well.
WITHOUT_ATTRIBUTES = """
getxattr                 191     8
lgetxattr                192     9
fgetxattr                193    10
listxattr                194    11
llistxattr               195    12
flistxattr               196    13
"""

# Refused with "Operation not permitted", which Python turns into PermissionError.
REFUSED = """
# Other programs and processes.
execve                    59   221
execveat                 322   281
fork                      57     -
vfork                     58     -
setsid                   112   157
setpgid                  109   154
tkill                    200   130
rt_sigqueueinfo          129   138
rt_tgsigqueueinfo        297   240
pidfd_open               434   434
pidfd_getfd              438   438
pidfd_send_signal        424   424
ptrace                   101   117
process_vm_readv         310   270
process_vm_writev        311   271
kcmp                     312   272
# The network.
socket                    41   198
connect                   42   203
bind                      49   200
listen                    50   201
accept                    43   202
accept4                  288   242
sendmmsg                 307   269
recvmmsg                 299   243
# Other users, rights and limits.
setuid                   105   146
setgid                   106   144
setreuid                 113   145
setregid                 114   143
setresuid                117   147
setresgid                119   149
setfsuid                 122   151
setfsgid                 123   152
setgroups                116   159
capset                   126    91
personality              135    92
setpriority              141   140
ioprio_set               251    30
sched_setscheduler       144   119
sched_setparam           142   118
sched_setaffinity        203   122
sched_setattr            314   274
# The view of the file system, and files that are no files.
unshare                  272    97
setns                    308   268
mount                    165    40
umount2                  166    39
pivot_root               155    41
chroot                   161    51
fsopen                   430   430
fsmount                  432   432
open_tree                428   428
move_mount               429   429
mount_setattr            442   442
mknod                    133     -
mknodat                  259    33
name_to_handle_at        303   264
open_by_handle_at        304   265
truncate                  76    45
# Memory that outlives a process or escapes its limits.
memfd_create             319   279
memfd_secret             447   447
shmget                    29   194
shmat                     30   196
shmctl                    31   195
msgget                    68   186
semget                    64   190
mq_open                  240   180
# What watches others.
inotify_init             253     -
inotify_init1            294    26
inotify_add_watch        254    27
fanotify_init            300   262
perf_event_open          298   241
# The kernel itself.
bpf                      321   280
userfaultfd              323   282
io_uring_setup           425   425
io_uring_enter           426   426
io_uring_register        427   427
keyctl                   250   219
add_key                  248   217
request_key              249   218
"""

# Allowed when their arguments pass the rules below.
RULED = """
clone                     56   220
clone3                   435   435
kill                      62   129
tgkill                   234   131
prlimit64                302   261
socketpair                53   199
sendto                    44   206
open                       2     -
openat                   257    56
ioctl                     16    29
fcntl                     72    25
prctl                    157   167
"""


@dataclass(frozen=True)
class Test:
    """A condition on one argument of a call: ``argument & mask`` is one of some values.

    Args:
        argument: Its position, from 0.
        values: The values that pass.
        mask: Bits that are looked at.
        high: Whether the upper 32 bits of the argument are meant; the lower ones otherwise.
    """

    argument: int
    values: tuple[int, ...]
    mask: int = 0xFFFF_FFFF
    high: bool = False


@dataclass(frozen=True)
class Rule:
    """When a call is allowed.

    Args:
        tests: All of them must pass.
        otherwise: Error number of the call when one does not.
    """

    tests: tuple[Test, ...]
    otherwise: int = errno.EPERM


OWN_PID = 0x7EED_0001  # stands for the worker's process id until a filter is made for it

_CLONE_THREAD = 0x1_0000
_CLONE_NEW = 0x7E02_0080  # every flag that makes a namespace
_AF_UNIX, _SOCK_STREAM, _SOCK_TYPE = 1, 1, 0xF
_O_TRUNC, _O_ACCMODE = 0o1000, 0o3
# Truncating needs a descriptor that may write; Landlock only knows about it since its third version.
_HONEST_OPEN = (0, 1, 2, 3, _O_TRUNC | 1, _O_TRUNC | 2)

RULES = {
    # Threads, but no processes and no namespaces. clone3 keeps its flags in memory, where a filter cannot see.
    "clone": Rule((Test(0, (_CLONE_THREAD,), _CLONE_THREAD | _CLONE_NEW),)),
    "clone3": Rule((Test(0, ()),), errno.ENOSYS),
    # Signals and limits: this process only.
    "kill": Rule((Test(0, (OWN_PID,)),)),
    "tgkill": Rule((Test(0, (OWN_PID,)),)),
    "prlimit64": Rule((Test(0, (0, OWN_PID)),)),
    # A pair of connected streams, as asyncio makes one. A datagram socket could send to any address.
    "socketpair": Rule((Test(0, (_AF_UNIX,)), Test(1, (_SOCK_STREAM,), _SOCK_TYPE))),
    "sendto": Rule((Test(4, (0,)), Test(4, (0,), high=True))),
    "open": Rule((Test(1, _HONEST_OPEN, _O_TRUNC | _O_ACCMODE),)),
    "openat": Rule((Test(2, _HONEST_OPEN, _O_TRUNC | _O_ACCMODE),)),
    # TCGETS (isatty), TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX. Not TIOCSTI and TIOCLINUX, which type
    # into a terminal, and not FIOSETOWN.
    "ioctl": Rule((Test(1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),), errno.ENOTTY),
    # Duplicates, flags, locks. Not F_SETOWN and F_SETSIG, which send signals to other processes.
    "fcntl": Rule((Test(1, (0, 1, 2, 3, 4, 5, 6, 7, 9, 36, 37, 38, 1030, 1032, 1034)),), errno.EINVAL),
    # Names of threads and of memory, and questions. Not dumpable, PDEATHSIG, seccomp.
    "prctl": Rule((Test(0, (3, 15, 16, 21, 23, 27, 30, 39, 0x5356_4D41)),), errno.EINVAL),
}


# Two workers of one notebook talk over TCP, in a network namespace that has nothing but its own loopback. Nobody else
# gets these calls.
LOOPBACK = """
connect                   42   203
bind                      49   200
listen                    50   201
accept                    43   202
accept4                  288   242
"""
_AF_INET, _AF_INET6 = 2, 10
LOOPBACK_SOCKET = Rule((Test(0, (_AF_INET, _AF_INET6)), Test(1, (_SOCK_STREAM,), _SOCK_TYPE)))

# Commands to NVIDIA's driver, for workers that may use GPUs: those of the letter F, and the bare numbers of its unified
# memory. Landlock keeps them to the driver's device files.
GPU_COMMANDS = (Test(1, (0x4600,), 0xFF00), Test(1, (0, 0x3000_0000), 0xFFFF_FF80))


@dataclass(frozen=True)
class Machine:
    """A processor architecture.

    Args:
        column: Its column in the tables.
        audit: The number by which the kernel calls it (``AUDIT_ARCH_…``).
    """

    column: int
    audit: int


MACHINES = {"x86_64": Machine(1, 0xC000_003E), "aarch64": Machine(2, 0xC000_00B7)}


def numbers(table: str, machine: Machine) -> dict[str, int]:
    """The calls of a table that a machine has, with their numbers."""
    rows = (line.split() for line in table.splitlines() if line and not line.startswith("#"))
    return {row[0]: int(row[machine.column]) for row in rows if row[machine.column] != "-"}


# ---- the filter ----------------------------------------------------------------------------------------

ALLOW, KILL, ERRNO = 0x7FFF_0000, 0x8000_0000, 0x0005_0000  # what a filter may return
LOAD, AND, RETURN = 0x20, 0x54, 0x06
JUMP_EQUAL, JUMP_AT_LEAST = 0x15, 0x35
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_X32 = 0x4000_0000  # x86-64 calls in their 32-bit guise have this bit


@dataclass(frozen=True)
class Step:
    """One instruction of classic BPF: what it does, where it jumps if so and if not, and its constant."""

    code: int
    constant: int
    then: int = 0
    otherwise: int = 0

    def pack(self) -> bytes:
        """Its eight bytes."""
        return struct.pack("=HBBI", self.code, self.then, self.otherwise, self.constant)


def steps(machine: Machine, *more: str) -> Iterator[Step]:
    """The filter for a machine, with :data:`OWN_PID` in place of the worker's process id.

    Args:
        machine: The machine.
        *more: What is allowed beyond the tables: ``"loopback"`` for TCP, to a process that has nothing but a loopback
            of its own; ``"gpus"`` for commands to a GPU.
    """
    yield Step(LOAD, _ARCHITECTURE)
    yield Step(JUMP_EQUAL, machine.audit, then=1)
    yield Step(RETURN, KILL)
    yield Step(LOAD, _NUMBER)
    yield Step(JUMP_AT_LEAST, _X32, otherwise=1)
    yield Step(RETURN, ERRNO | errno.ENOSYS)
    ruled = {number: RULES[name] for name, number in numbers(RULED, machine).items()}
    allowed = numbers(ALLOWED, machine)
    if "loopback" in more:
        allowed |= numbers(LOOPBACK, machine)
        ruled[numbers(REFUSED, machine)["socket"]] = LOOPBACK_SOCKET
    yield from _any_of(sorted(allowed.values()), ALLOW)
    for number, rule in ruled.items():
        block = list(_ruled(rule))
        if "gpus" in more and number == numbers(RULED, machine)["ioctl"]:
            block = [step for test in GPU_COMMANDS for step in _allowed_by(test)] + block
        yield Step(JUMP_EQUAL, number, otherwise=len(block))
        yield from block
    yield from _any_of(sorted(numbers(PRETENDED, machine).values()), ERRNO | 0)
    yield from _any_of(sorted(numbers(WITHOUT_ATTRIBUTES, machine).values()), ERRNO | errno.EOPNOTSUPP)
    yield from _any_of(sorted(numbers(REFUSED, machine).values()), ERRNO | errno.EPERM)
    yield Step(RETURN, ERRNO | errno.ENOSYS)


def _any_of(wanted: Sequence[int], action: int) -> Iterator[Step]:
    """Return an action for some calls, in blocks that a jump of one byte can leave; fall through for others."""
    for start in range(0, len(wanted), 200):
        block = wanted[start : start + 200]
        for index, number in enumerate(block):
            last = index == len(block) - 1
            yield Step(JUMP_EQUAL, number, then=len(block) - 1 - index, otherwise=1 if last else 0)
        yield Step(RETURN, action)


def _allowed_by(test: Test) -> Iterator[Step]:
    """Allow a call when a test passes; go on behind it otherwise."""
    yield Step(LOAD, _ARGUMENTS + 8 * test.argument + (4 if test.high else 0))
    yield Step(AND, test.mask)
    for index, value in enumerate(test.values):
        last = index == len(test.values) - 1
        yield Step(JUMP_EQUAL, value, then=len(test.values) - 1 - index, otherwise=1 if last else 0)
    yield Step(RETURN, ALLOW)


def _ruled(rule: Rule) -> Iterator[Step]:
    """Allow a call when every test of a rule passes; refuse it otherwise. Always returns."""
    refusal = Step(RETURN, ERRNO | rule.otherwise)
    for test in rule.tests:
        if not test.values:
            yield refusal
            return
        yield Step(LOAD, _ARGUMENTS + 8 * test.argument + (4 if test.high else 0))  # both machines: little end first
        yield Step(AND, test.mask)
        for index, value in enumerate(test.values):
            yield Step(JUMP_EQUAL, value, then=len(test.values) - index)
        yield refusal
    yield Step(RETURN, ALLOW)


# ---- installing it -------------------------------------------------------------------------------------


def machine() -> Machine | None:
    """The machine that this process runs on, or None where there is no filter for it."""
    if sys.platform != "linux" or sys.maxsize < 2**32:
        return None
    return MACHINES.get(platform.machine())


@functools.cache
def program(*more: str) -> bytes:
    """The filter for this machine as the kernel takes it, still with :data:`OWN_PID` in it.

    Args:
        *more: As for :func:`steps`.

    Raises:
        OSError: There is none for this machine.
    """
    found = machine()
    if found is None:
        raise OSError(errno.ENOSYS, f"there is no list of system calls for {platform.machine() or 'this machine'}")
    return b"".join(step.pack() for step in steps(found, *more))


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]


def install(pid: int, *more: str) -> None:
    """Put this process, and every thread that it will start, under the filter for good.

    Needs ``no_new_privs`` to be set.

    Args:
        pid: The id of this process.
        *more: As for :func:`steps`.

    Raises:
        OSError: The kernel takes no filters, or there is none for this machine.
    """
    code = program(*more).replace(struct.pack("=I", OWN_PID), struct.pack("=I", pid))
    filter_ = _Program(len(code) // 8, code)
    linux.prctl(linux.PR_SET_SECCOMP, 2, ctypes.byref(filter_))
