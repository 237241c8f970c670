"""Landlock: what a process may open, make, move and remove, decided by the process itself and for good.

The interface is that of the kernel's ``linux/landlock.h``; what a kernel does not know yet is left out.
Landlock says nothing of stat, chmod, chown, times and attributes: see :mod:`autograder.seccomp`.
"""

from __future__ import annotations

import os
import stat
import struct
import sys
from collections.abc import Iterable

from . import linux

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same number on every machine
_VERSION = 1  # flag of create_ruleset: only say which version there is
_PATH_BENEATH, _NET_PORT = 1, 2

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(6))
MAKE_CHAR, MAKE_DIR, MAKE_REG, MAKE_SOCK, MAKE_FIFO, MAKE_BLOCK, MAKE_SYM = (1 << bit for bit in range(6, 13))
REFER, TRUNCATE, IOCTL_DEV = (1 << bit for bit in range(13, 16))

BIND_TCP, CONNECT_TCP = 1, 2
SCOPE_ABSTRACT_SOCKETS, SCOPE_SIGNALS = 1, 2

READ = READ_FILE | READ_DIR | EXECUTE  # shared libraries are mapped, which is READ_FILE; EXECUTE is for the loader
USE = READ_FILE | WRITE_FILE
OWN = READ_FILE | READ_DIR | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM | REFER | TRUNCATE
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV


def version() -> int:
    """The version of Landlock that this kernel has; 0 where it has none or it is switched off."""
    if sys.platform != "linux":
        return 0
    try:
        return linux.syscall("landlock_create_ruleset", _CREATE_RULESET, 0, 0, _VERSION)
    except OSError:
        return 0


def handled(version: int) -> tuple[int, int, int]:
    """What a version can refuse: rights to files, to the network, and what it can keep inside.

    Args:
        version: Version of Landlock, from 1.
    """
    files = MAKE_SYM * 2 - 1
    files |= REFER if version >= 2 else 0
    files |= TRUNCATE if version >= 3 else 0
    files |= IOCTL_DEV if version >= 5 else 0
    network = BIND_TCP | CONNECT_TCP if version >= 4 else 0
    scope = SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS if version >= 6 else 0
    return files, network, scope


def restrict(
    readable: Iterable[str],
    usable: Iterable[str],
    own: Iterable[str],
    ports: Iterable[int] = (),
    devices: Iterable[str] = (),
) -> None:
    """Let this process, and all that it starts, open nothing but these; and reach nothing outside of itself.

    Needs ``no_new_privs`` to be set. Paths that do not exist are left out.

    Args:
        readable: Files and folders that may be read.
        usable: Files that may be read and written, such as ``/dev/null``.
        own: Folders in which everything is allowed but programs and special files.
        ports: TCP ports that may be used, on both ends of a connection.
        devices: Device files that take commands (``ioctl``), such as those of a GPU's driver.

    Raises:
        OSError: The kernel has no Landlock.
    """
    known = version()
    files, network, scope = handled(max(known, 1))
    # The structure grew with the versions; a kernel refuses a longer one than it knows.
    length = 8 if known < 4 else 16 if known < 6 else 24
    attributes = struct.pack("=QQQ", files, network, scope)[:length]
    ruleset = linux.syscall("landlock_create_ruleset", _CREATE_RULESET, attributes, length, 0)
    try:
        for rights, paths in ((READ, readable), (USE, usable), (OWN, own), (USE | IOCTL_DEV, devices)):
            for path in paths:
                _allow(ruleset, path, rights & files)
        for port in ports if network else ():
            rule = struct.pack("=QQ", network, port)
            linux.syscall("landlock_add_rule", _ADD_RULE, ruleset, _NET_PORT, rule, 0)
        linux.syscall("landlock_restrict_self", _RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _OF_FILES
        rule = struct.pack("=Qi", rights, place)
        linux.syscall("landlock_add_rule", _ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(place)
