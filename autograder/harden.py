"""Harden the process that is about to run a notebook: called in the worker, right after it was started.

Each step can only take something away, and none can be taken back. Whether they did what they should is
measured from outside (:mod:`autograder.isolation`); a step that fails raises, and no notebook is run then.
On systems other than Linux only the resource limits are there, which is level L0.
"""

from __future__ import annotations

import contextlib
import functools
import glob
import os
import signal
import site
import socket
import struct
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from . import landlock, linux, locks, seccomp

if sys.platform != "win32":
    import resource

SHARED_MEMORY = "/dev/shm"
MAX_DESCRIPTORS = 512
MAX_THREADS = 1024  # of a user that has no other processes
MAX_SHARED_THREADS = 16 * MAX_THREADS  # of one that has, so that a worker at its own limit leaves enough to the next


@dataclass(frozen=True)
class Cage:
    """What is to hold one worker.

    Args:
        level: ``"L0"`` to ``"L3"``.
        scratch: The one folder in which it may write.
        parent: Process id of whoever starts it.
        uid: The user that it becomes; None to stay who it is. Needs root.
        data: Folders of data sets that it may read.
        file_bytes: Size of the largest file that may be written.
        disk_bytes: Size of the scratch folder, where it is a file system of its own (L3).
        disk_files: Number of files and folders in it, likewise.
        folder: What was made for it, the scratch folder included; whoever starts it removes this when the grader has
            ended before it could.
        workers: Number of processes, 1 or 2; two talk to each other over a network of their own (L3 only).
        gpus: Whether it may use the GPUs of the machine.
    """

    level: str
    scratch: str
    parent: int
    uid: int | None = None
    data: tuple[str, ...] = ()
    file_bytes: int = 256 << 20
    disk_bytes: int = 512 << 20
    disk_files: int = 10_000
    folder: str = ""
    workers: int = 1
    gpus: bool = False

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Cage:
        """The cage that ``dataclasses.asdict`` wrote to JSON."""
        return cls(**{**data, "data": tuple(data["data"])})


PORTS = (2222, 2223)  # of the two workers, in a network that nobody else is in


@dataclass(frozen=True)
class Twin:
    """The other one of two workers that run the same notebook.

    Args:
        task: Which one this process is: 0, which talks to the grader, or 1, which talks to the first.
        channel: The connection between the two.
        pid: The other's process.
    """

    task: int
    channel: socket.socket
    pid: int


def prepare() -> None:
    """Work out once what every :func:`harden` in a child of this process needs."""
    import multiprocessing.heap  # noqa: F401  (what locks.install looks for)

    readable()
    threads_of_user()
    if seccomp.machine() is not None:
        seccomp.program()


def harden(cage: Cage) -> Twin | None:
    """Do all that a level asks for. Where two workers are asked for, both return from here.

    Args:
        cage: What is asked for.

    Returns:
        The other worker, where there is one.

    Raises:
        OSError: Something of it is not to be had here.
    """
    limit_process(cage.file_bytes)
    if sys.platform != "linux":
        return None
    if cage.uid is not None:
        become(cage.uid, cage.scratch)
    linux.prctl(linux.PR_SET_DUMPABLE, 1)  # what /proc says of it belongs to its user: the grader, who looks at it
    if cage.level == "L3":
        enter_namespaces(cage)
    # Threads are counted for each user; a user (or a user namespace) of its own holds nothing but the worker.
    alone = cage.level == "L3" or cage.uid is not None
    most = MAX_THREADS if alone else threads_of_user() + MAX_SHARED_THREADS  # each one's own: see budget.py
    _limit("RLIMIT_NPROC", most)  # after the namespaces: a new one keeps the limit for all outside
    if cage.level != "L0":
        linux.drop_capabilities()
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    die_with(cage.parent)  # after the change of user, which clears it
    sys.path[:] = [entry for entry in sys.path if entry in readable()]  # the others could only raise now
    twin = split() if cage.workers == 2 else None  # each for itself from here on: the rules name the process
    if cage.level == "L2":
        locks.install()
    if cage.level >= "L2":
        own = (cage.scratch, SHARED_MEMORY) if cage.level == "L3" else (cage.scratch,)
        read = (*readable(), *OF_THE_KERNEL, *cage.data, *(OF_GPUS if cage.gpus else ()))
        landlock.restrict(read, DEVICES, own, PORTS if twin else (), gpu_devices() if cage.gpus else ())
    if cage.level >= "L1":
        seccomp.install(os.getpid(), *["loopback"] * (twin is not None), *["gpus"] * cage.gpus)
    return twin


def split() -> Twin:
    """Become two processes that are connected; the second one ends with the first."""
    ours, theirs = socket.socketpair()
    first = os.getpid()
    pid = os.fork()
    if pid:
        theirs.close()
        return Twin(0, ours, pid)
    ours.close()
    die_with(first)
    return Twin(1, theirs, first)


# ---- limits --------------------------------------------------------------------------------------------


def limit_process(file_bytes: int) -> None:
    """Bound the size of a file, the number of descriptors, locked memory and core dumps."""
    if sys.platform == "win32":
        return
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_FSIZE", file_bytes)
    _limit("RLIMIT_NOFILE", MAX_DESCRIPTORS)
    _limit("RLIMIT_MSGQUEUE", 0)
    _limit("RLIMIT_MEMLOCK", 0)


def limit_memory(memory_bytes: int, *, mappings: bool = True) -> None:
    """Bound the memory of this process, for good.

    Private memory is what counts (RLIMIT_DATA); address space only backs it up against shared mappings,
    because TensorFlow maps gigabytes that it never touches. Nothing is bounded where there is no ``/proc``.

    Args:
        memory_bytes: Private memory allowed on top of what is in use.
        mappings: Whether address space is bounded too. CUDA reserves as much as all GPUs and the machine have.
    """
    try:
        with open("/proc/self/statm") as file:
            pages = file.read().split()
    except OSError:
        return
    page = resource.getpagesize()
    _limit("RLIMIT_DATA", int(pages[5]) * page + memory_bytes)
    if mappings:
        _limit("RLIMIT_AS", int(pages[0]) * page + memory_bytes + (4 << 30))


def _limit(name: str, value: int) -> None:
    limit = getattr(resource, name, None)
    if limit is None:  # this system has no such limit
        return
    hard = resource.getrlimit(limit)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (value, value))


@functools.cache
def threads_of_user() -> int:
    """How many threads this user has, and room for as many again to come. Counted once."""
    if sys.platform != "linux":
        return 0
    uid, count = os.getuid(), 0
    for entry in os.scandir("/proc"):
        with contextlib.suppress(OSError):
            if entry.name.isdecimal() and entry.stat().st_uid == uid:
                count += len(os.listdir(f"/proc/{entry.name}/task"))
    return 2 * count


# ---- users, namespaces, descriptors ----------------------------------------------------------------------


def become(uid: int, scratch: str) -> None:
    """Become a user who owns nothing but the scratch folder. Root only."""
    os.chown(scratch, uid, uid)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def enter_namespaces(cage: Cage) -> None:
    """Enter user, mount, network, ipc and uts namespaces of its own, with a file system in memory for scratch.

    There is no pid namespace: it would only hold processes that a worker starts, and it can start none.
    """
    uid, gid = os.getuid(), os.getgid()
    linux.unshare(
        linux.CLONE_NEWUSER | linux.CLONE_NEWNS | linux.CLONE_NEWNET | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS
    )
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")
    linux.mount("none", "/", linux.MS_REC | linux.MS_PRIVATE)
    flags = linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC
    sizes = f"mode=0700,size={cage.disk_bytes},nr_inodes={cage.disk_files}"
    linux.mount("tmpfs", cage.scratch, flags, sizes)
    if os.path.isdir(SHARED_MEMORY):  # locks of multiprocessing live there
        linux.mount("tmpfs", SHARED_MEMORY, flags, "mode=0700,size=67108864,nr_inodes=1000")
    os.chdir(cage.scratch)  # into the new file system
    if cage.workers > 1:
        start_loopback()


def start_loopback() -> None:
    """Switch on the loopback of this network namespace, which is all that a new one has."""
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh22x", b"lo", _IFF_UP)  # struct ifreq: the name and the flags of an interface
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, request)


_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


def die_with(parent: int) -> None:
    """Be killed when the process that started this one ends, however it ends."""
    linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise ProcessLookupError("the process that starts workers has ended")


def close_descriptors(*kept: int) -> None:
    """Close every descriptor but the standard ones and some others."""
    low = 3
    for descriptor in sorted(kept):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, 1 << 20)


# ---- what may be read --------------------------------------------------------------------------------------

DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")

# What CUDA opens beside its libraries.
OF_GPUS = ("/proc/driver/nvidia", "/proc/devices", "/proc/modules", "/sys/bus/pci/devices", "/sys/module", "/usr/local")


def gpu_devices() -> tuple[str, ...]:
    """The device files of NVIDIA's driver."""
    return tuple(sorted(glob.glob("/dev/nvidia*") + glob.glob("/dev/nvidia-caps/*")))


# TensorFlow aborts where it cannot read its own command line, and asks how many processors there are.
OF_THE_KERNEL = (
    *(f"/proc/self/{name}" for name in ("cmdline", "maps", "stat", "statm", "status", "task")),
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/loadavg",
    "/proc/uptime",
    "/proc/version",
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
)


@functools.cache
def readable() -> tuple[str, ...]:
    """What of the machine a worker may read: Python, its packages, shared libraries, fonts, time zones.

    Of an editable install only the folder of the ``autograder`` package itself: checks and solutions may lie
    beside it.
    """
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = [sysconfig.get_path(name) for name in names]
    folders += [entry for entry in sys.path if os.path.basename(entry) in ("site-packages", "dist-packages")]
    folders += site.getsitepackages() if hasattr(site, "getsitepackages") else []
    folders += [entry for entry in sys.path if entry.endswith((".zip", "lib-dynload"))]
    folders += [os.path.join(prefix, name) for prefix in (sys.prefix, sys.base_prefix) for name in ("lib", "lib64")]
    folders += [os.path.dirname(os.path.abspath(__file__))]
    folders += ["/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/lib", "/lib32", "/lib64"]
    folders += ["/usr/share/fonts", "/usr/share/fontconfig", "/usr/share/zoneinfo", "/usr/share/locale", "/etc/fonts"]
    files = [sys.executable, os.path.realpath(sys.executable), os.path.join(sys.prefix, "pyvenv.cfg")]
    files += ["/etc/ld.so.cache", "/etc/localtime"]
    return tuple(dict.fromkeys(path for path in (*folders, *files) if os.path.exists(path)))


def readable_around(path: str, data: Iterable[str] = ()) -> str:
    """The readable folder that a path lies in, so that workers could read it; empty where there is none.

    Args:
        path: A file or folder.
        data: Folders of data sets, which are readable too.
    """
    real = os.path.realpath(path)
    for folder in (*readable(), *data):
        if os.path.commonpath([real, os.path.realpath(folder)]) == os.path.realpath(folder):
            return folder
    return ""


# ---- a look around -----------------------------------------------------------------------------------------


def examine(needed: Iterable[str], forbidden: Iterable[str]) -> dict[str, Any]:
    """Try, before any code of a notebook runs, what must work here and what must not.

    Writing to the working folder must work, too.

    Args:
        needed: Files that a worker must be able to read.
        forbidden: Files that it must be able neither to read nor to append to.

    Returns:
        ``missing``: what of the first cannot be read; ``open``: what of the second can be read or written.
    """
    missing = [path for path in needed if not _opens(path, os.O_RDONLY)]
    if not _opens(_TRIAL, os.O_WRONLY | os.O_CREAT, b"x"):
        missing.append("its own folder")
    else:
        os.unlink(_TRIAL)
    opened = [path for path in forbidden if _opens(path, os.O_RDONLY)]
    opened += [path for path in forbidden if _opens(path, os.O_WRONLY | os.O_APPEND, b"written by a worker")]
    return {"missing": missing, "open": opened}


_TRIAL = "autograder-trial"


def _opens(path: str, flags: int, text: bytes = b"") -> bool:
    try:
        descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return False
    if text:
        os.write(descriptor, text)
    os.close(descriptor)
    return True
