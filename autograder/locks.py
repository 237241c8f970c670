"""Locks of ``multiprocessing`` for a process that can have no others.

They are semaphores with names in ``/dev/shm``, which all processes of a machine share: below L3 a worker gets
none of that. It cannot start processes either, so a semaphore among its threads does the same.
"""

from __future__ import annotations

import importlib
import threading
import time


class SemLock:
    """Stands in for ``_multiprocessing.SemLock``, which ``multiprocessing.synchronize`` builds all locks from.

    Args:
        kind: 0 for a lock that its owner may take again, 1 for a semaphore.
        value: How often it can be taken at first.
        maxvalue: How often it can be taken at most.
        name: Unused: there is nobody to share it with.
        unlink: Unused.
    """

    SEM_VALUE_MAX = 2**31 - 1

    def __init__(self, kind: int, value: int, maxvalue: int, name: str, unlink: bool) -> None:
        self.kind = kind
        self.maxvalue = maxvalue
        self.name = None  # nothing that would have to be cleaned up
        self.handle = id(self)
        self._value = value
        self._held = 0
        self._owner: int | None = None
        self._changed = threading.Condition()

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        """Take it; say whether that worked."""
        deadline = None if timeout is None else time.monotonic() + max(timeout, 0)
        with self._changed:
            if self.kind == 0 and self._is_mine():
                self._held += 1
                return True
            while not self._value:
                left = None if deadline is None else deadline - time.monotonic()
                if not block or (left is not None and left <= 0):
                    return False
                self._changed.wait(left)
            self._value -= 1
            self._held += 1
            self._owner = threading.get_ident()
            return True

    def release(self) -> None:
        """Give it back."""
        with self._changed:
            if self.kind == 0 and not self._is_mine():
                raise AssertionError("attempt to release recursive lock not owned by thread")
            if self.kind == 0 and self._held > 1:
                self._held -= 1
                return
            if self._value >= self.maxvalue:
                raise ValueError("semaphore or lock released too many times")
            self._value += 1
            self._held -= 1
            self._changed.notify()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *details: object) -> None:
        self.release()

    def _count(self) -> int:
        return self._held

    def _is_mine(self) -> bool:
        return self._held > 0 and self._owner == threading.get_ident()

    def _get_value(self) -> int:
        return self._value

    def _is_zero(self) -> bool:
        return self._value == 0

    def _after_fork(self) -> None:
        """Nothing is forked here."""


def install() -> None:
    """Use them in this process from now on, and put shared values into its temporary folder."""
    from multiprocessing import heap

    vars(importlib.import_module("_multiprocessing"))["SemLock"] = SemLock
    heap.Arena._dir_candidates = []  # type: ignore[attr-defined]  # it prefers /dev/shm to the temporary folder
