"""The few calls of the Linux kernel that Python has no function for.

Importing this works everywhere; calling works on Linux. Every call raises ``OSError`` when the kernel says no.
"""

from __future__ import annotations

import ctypes
import functools
import os
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38

CLONE_NEWNS = 0x0002_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWNET = 0x4000_0000

MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
MS_REC, MS_PRIVATE = 0x4000, 0x4_0000

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_CAPABILITY_VERSION_3 = 0x2008_0522


@functools.cache
def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def _checked(name: str, result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def syscall(name: str, number: int, *arguments: Any) -> int:
    """Make a system call by its number.

    Args:
        name: Its name, for the error.
        number: Its number on this machine.
        *arguments: Python integers go as machine words; ``bytes`` and ctypes objects as pointers.
    """
    words = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return _checked(name, _libc().syscall(ctypes.c_long(number), *words))


def prctl(option: int, value: Any = 0, third: Any = 0) -> None:
    """Change how the kernel treats this process; the options are listed in the manual page of the call."""
    words = [ctypes.c_ulong(word) if isinstance(word, int) else word for word in (value, third, 0, 0)]
    _checked("prctl", _libc().prctl(option, *words))


def unshare(namespaces: int) -> None:
    """Leave namespaces for new ones: an or of ``CLONE_NEW…``."""
    _checked("unshare", _libc().unshare(namespaces))


def mount(kind: str, target: str, flags: int, options: str = "") -> None:
    """Mount a file system that has no device, or change the flags of a mount."""
    words = (kind.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode())
    _checked(f"mount {target}", _libc().mount(*words))


def exchange(one: str, other: str) -> None:
    """Swap two files or folders of one file system, so that there is never a moment without either."""
    words = (_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), ctypes.c_uint(_RENAME_EXCHANGE))
    _checked("renameat2", _libc().renameat2(*words))


def drop_capabilities() -> None:
    """Give up every capability, for good where privileges cannot be gained again."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _checked("capset", _libc().capset(header, (ctypes.c_uint32 * 6)()))
