"""Folders for temporary files that do not outlive their owner: the next one removes what a killed process has left.

Each folder has a file that its owner, and forks of it, hold a lock on for as long as one of them lives. Nothing else is
ever removed: not a folder of another user, not one without such a file, not what a link leads to.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile

from .files import remove_tree

if sys.platform != "win32":
    import fcntl

PREFIX = "autograder-"
OWNER = "owner"  # the file in each folder that is locked


class Folder:
    """A new folder in the system's folder for temporary files. As a context manager, it gives its path.

    Args:
        kind: What it is for, as a part of its name; ``""`` for nothing.

    Raises:
        OSError: It could not be made.
    """

    def __init__(self, kind: str = "") -> None:
        self.path = tempfile.mkdtemp(prefix=f"{PREFIX}{kind}-" if kind else PREFIX)
        self._lock = -1
        try:
            if sys.platform != "win32":
                self._take()
        except BaseException:
            self.remove()
            raise

    def _take(self) -> None:
        # Under its name the file is there only once it is locked: nobody finds it free in between.
        fresh = os.path.join(self.path, f"{OWNER}-new")
        self._lock = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with contextlib.suppress(OSError):  # a file system without locks, on which nobody can take it either
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.rename(fresh, os.path.join(self.path, OWNER))

    def remove(self) -> None:
        """Remove it with all that is in it; once."""
        if self.path:
            remove_tree(self.path)
            self.path = ""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> str:
        return self.path

    def __exit__(self, *details: object) -> None:
        self.remove()


def sweep() -> None:
    """Remove this user's folders that nobody holds any more: of processes that were killed, and all their forks."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for path in [entry.path for entry in entries if entry.name.startswith(PREFIX)]:
            with contextlib.suppress(OSError):
                _remove_if_left(path)


def _remove_if_left(path: str) -> None:
    """Remove a folder, if it is one of ours and its lock is free.

    Raises:
        OSError: It is not, or it is not.
    """
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        # (What is no file at all must not keep this process waiting.)
        lock = os.open(OWNER, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        try:
            found = os.fstat(lock)
            mine = {os.fstat(folder).st_uid, found.st_uid} == {os.geteuid()}
            if mine and stat.S_ISREG(found.st_mode):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove_tree(path)
        finally:
            os.close(lock)
    finally:
        os.close(folder)
