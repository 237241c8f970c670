"""The filter of system calls, run by an interpreter of classic BPF for both machines."""

from __future__ import annotations

import errno
import re
import struct
from pathlib import Path

import pytest

from autograder import seccomp

MACHINES = list(seccomp.MACHINES)
TABLES = {
    "ALLOWED": seccomp.ALLOWED,
    "PRETENDED": seccomp.PRETENDED,
    "WITHOUT_ATTRIBUTES": seccomp.WITHOUT_ATTRIBUTES,
    "REFUSED": seccomp.REFUSED,
    "RULED": seccomp.RULED,
}
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
NO_SUCH_CALL = seccomp.ERRNO | errno.ENOSYS
REFUSED = seccomp.ERRNO | errno.EPERM


def interpret(steps: list[seccomp.Step], audit: int, number: int, *arguments: int) -> int:
    """What the kernel would return for a call."""
    padded = [*arguments, *(0 for _ in range(6 - len(arguments)))]
    data = struct.pack("<IIQ6Q", number, audit, 0, *(value % 2**64 for value in padded))
    value = position = 0
    while True:
        step = steps[position]
        position += 1
        if step.code == seccomp.LOAD:
            value = struct.unpack_from("<I", data, step.constant)[0]
        elif step.code == seccomp.AND:
            value &= step.constant
        elif step.code == seccomp.JUMP_EQUAL:
            position += step.then if value == step.constant else step.otherwise
        elif step.code == seccomp.JUMP_AT_LEAST:
            position += step.then if value >= step.constant else step.otherwise
        else:
            assert step.code == seccomp.RETURN
            return step.constant


def verdict(machine: str, name: str, *arguments: int, more: str = "") -> int:
    found = seccomp.MACHINES[machine]
    every = {name: number for table in TABLES.values() for name, number in seccomp.numbers(table, found).items()}
    return interpret(list(seccomp.steps(found, more)), found.audit, every[name], *arguments)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("ALLOWED", seccomp.ALLOW),
        ("PRETENDED", seccomp.ERRNO),
        ("WITHOUT_ATTRIBUTES", seccomp.ERRNO | errno.EOPNOTSUPP),
        ("REFUSED", REFUSED),
    ],
)
def test_every_call_of_a_table_gets_its_verdict(machine: str, table: str, expected: int) -> None:
    found = seccomp.MACHINES[machine]
    steps = list(seccomp.steps(found))
    for name, number in seccomp.numbers(TABLES[table], found).items():
        assert interpret(steps, found.audit, number) == expected, name


@pytest.mark.parametrize("machine", MACHINES)
def test_what_is_in_no_table_does_not_exist(machine: str) -> None:
    found = seccomp.MACHINES[machine]
    steps = list(seccomp.steps(found))
    listed = {number for table in TABLES.values() for number in seccomp.numbers(table, found).values()}
    for number in set(range(1000)) - listed:
        assert interpret(steps, found.audit, number) == NO_SUCH_CALL


@pytest.mark.parametrize("machine", MACHINES)
def test_no_call_is_in_two_tables(machine: str) -> None:
    found = seccomp.MACHINES[machine]
    rows = [number for table in TABLES.values() for number in seccomp.numbers(table, found).values()]
    assert len(rows) == len(set(rows))
    assert set(seccomp.numbers(seccomp.RULED, found)) <= set(seccomp.RULES)


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_are_the_kernel_s(machine: str) -> None:
    header = HEADERS[machine]
    if not header.is_file():
        pytest.skip(f"the kernel's headers are not installed ({header})")
    text = header.read_text()
    kernel = {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)}
    if machine == "aarch64":
        kernel["newfstatat"] = kernel["fstatat"]
    for table in TABLES.values():
        for name, number in seccomp.numbers(table, seccomp.MACHINES[machine]).items():
            if name in kernel:
                assert kernel[name] == number, name
            else:
                assert number > 450, f"{name} is newer than these headers"


@pytest.mark.parametrize("machine", MACHINES)
def test_another_machine_s_calls_end_the_process(machine: str) -> None:
    steps = list(seccomp.steps(seccomp.MACHINES[machine]))
    other = next(found for name, found in seccomp.MACHINES.items() if name != machine)
    assert interpret(steps, other.audit, 39) == seccomp.KILL
    assert interpret(steps, 0x4000_0003, 39) == seccomp.KILL  # i386


def test_the_32_bit_guise_of_a_call_does_not_exist() -> None:
    found = seccomp.MACHINES["x86_64"]
    assert interpret(list(seccomp.steps(found)), found.audit, 0x4000_0000 | 39) == NO_SUCH_CALL


THREAD = 0x3D_0F00  # the flags of pthread_create
FORK = 0x0120_0011
OWN = seccomp.OWN_PID


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("clone", (THREAD,), seccomp.ALLOW),
        ("clone", (FORK,), REFUSED),
        ("clone", (THREAD | 0x1000_0000,), REFUSED),  # a user namespace
        ("clone", (THREAD | 0x80,), REFUSED),  # a time namespace
        ("clone", (0x4111,), REFUSED),  # vfork
        ("clone3", (1, 88), NO_SUCH_CALL),
        ("kill", (OWN, 9), seccomp.ALLOW),
        ("kill", (1, 9), REFUSED),
        ("kill", (0, 9), REFUSED),
        ("kill", (-1, 9), REFUSED),
        ("tgkill", (OWN, 5, 9), seccomp.ALLOW),
        ("tgkill", (7, OWN, 9), REFUSED),
        ("prlimit64", (0, 7), seccomp.ALLOW),
        ("prlimit64", (1, 7), REFUSED),
        ("socketpair", (1, 1), seccomp.ALLOW),
        ("socketpair", (1, 1 | 0x8_0000), seccomp.ALLOW),  # closed on exec
        ("socketpair", (1, 2), REFUSED),  # datagrams
        ("socketpair", (2, 1), REFUSED),
        ("sendto", (3, 4, 5, 0, 0, 0), seccomp.ALLOW),
        ("sendto", (3, 4, 5, 0, 0x7FFF_0000, 16), REFUSED),
        ("sendto", (3, 4, 5, 0, 0x7FFF_0000_0000, 16), REFUSED),
        ("openat", (-100, 4, 0), seccomp.ALLOW),
        ("openat", (-100, 4, 0o1101), seccomp.ALLOW),  # O_WRONLY | O_CREAT | O_TRUNC
        ("openat", (-100, 4, 0o1000), REFUSED),  # O_RDONLY | O_TRUNC
        ("openat", (-100, 4, 0o1003), REFUSED),
        ("ioctl", (1, 0x5401), seccomp.ALLOW),
        ("ioctl", (1, 0x5412), seccomp.ERRNO | errno.ENOTTY),  # TIOCSTI
        ("ioctl", (1, 0x541C), seccomp.ERRNO | errno.ENOTTY),  # TIOCLINUX
        ("ioctl", (1, 0x8901), seccomp.ERRNO | errno.ENOTTY),  # FIOSETOWN
        ("fcntl", (1, 1), seccomp.ALLOW),
        ("fcntl", (1, 8), seccomp.ERRNO | errno.EINVAL),  # F_SETOWN
        ("fcntl", (1, 10), seccomp.ERRNO | errno.EINVAL),  # F_SETSIG
        ("fcntl", (1, 15), seccomp.ERRNO | errno.EINVAL),  # F_SETOWN_EX
        ("prctl", (15,), seccomp.ALLOW),
        ("prctl", (1,), seccomp.ERRNO | errno.EINVAL),  # PR_SET_PDEATHSIG
        ("prctl", (4,), seccomp.ERRNO | errno.EINVAL),  # PR_SET_DUMPABLE
        ("prctl", (22,), seccomp.ERRNO | errno.EINVAL),  # PR_SET_SECCOMP
    ],
)
def test_arguments_decide(machine: str, name: str, arguments: tuple[int, ...], expected: int) -> None:
    assert verdict(machine, name, *arguments) == expected


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("socket", (2, 1), seccomp.ALLOW),
        ("socket", (10, 1 | 0x8_0800), seccomp.ALLOW),  # IPv6, without waiting, closed on exec
        ("socket", (1, 1), REFUSED),  # of the machine itself
        ("socket", (2, 2), REFUSED),  # datagrams
        ("socket", (2, 3), REFUSED),  # raw
        ("socket", (16, 1), REFUSED),  # netlink
        *((name, (3,), seccomp.ALLOW) for name in seccomp.numbers(seccomp.LOOPBACK, seccomp.MACHINES["x86_64"])),
        ("sendmmsg", (3,), REFUSED),
    ],
)
def test_two_workers_get_tcp_and_nothing_else(
    machine: str, name: str, arguments: tuple[int, ...], expected: int
) -> None:
    assert verdict(machine, name, *arguments, more="loopback") == expected
    assert verdict(machine, name, *arguments) == REFUSED


NOT_A_TERMINAL = seccomp.ERRNO | errno.ENOTTY


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (0xC020_462A, seccomp.ALLOW),  # NV_ESC_RM_CONTROL
        (0xC00C_46D2, seccomp.ALLOW),
        (0x3000_0001, seccomp.ALLOW),  # UVM_INITIALIZE
        (37, seccomp.ALLOW),  # UVM_REGISTER_GPU
        (0x5401, seccomp.ALLOW),
        (0x5412, NOT_A_TERMINAL),  # TIOCSTI
        (0x541C, NOT_A_TERMINAL),  # TIOCLINUX
        (0x8901, NOT_A_TERMINAL),  # FIOSETOWN
    ],
)
def test_commands_to_a_gpu(machine: str, command: int, expected: int) -> None:
    assert verdict(machine, "ioctl", 3, command, more="gpus") == expected
    assert verdict(machine, "ioctl", 3, command) == (expected if command == 0x5401 else NOT_A_TERMINAL)


def test_old_calls_of_x86_64_have_the_same_rules() -> None:
    assert verdict("x86_64", "open", 4, 0o1101) == seccomp.ALLOW
    assert verdict("x86_64", "open", 4, 0o1000) == REFUSED


@pytest.mark.parametrize("more", [(), ("loopback", "gpus")])
@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_fits_and_every_path_ends(machine: str, more: tuple[str, ...]) -> None:
    steps = list(seccomp.steps(seccomp.MACHINES[machine], *more))
    assert len(steps) < 4096
    for index, step in enumerate(steps):
        if step.code in (seccomp.JUMP_EQUAL, seccomp.JUMP_AT_LEAST):
            assert index + 1 + max(step.then, step.otherwise) < len(steps)
        assert len(step.pack()) == 8
    assert steps[-1].code == seccomp.RETURN
