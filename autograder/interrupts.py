"""Ctrl-C and its like: what they raise, and where they have to wait.

SIGINT, SIGTERM and SIGHUP all raise a ``KeyboardInterrupt``, so that whoever has something open closes and removes it
on the way out. Where one of them would leave something half done, :func:`held` lets it wait.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from typing import Any


class Interrupted(KeyboardInterrupt):
    """A signal asked the program to end.

    Args:
        signum: Its number.
    """

    def __init__(self, signum: int) -> None:
        super().__init__()
        self.signum = signum


class _State:
    held = 0  # blocks of `held` that are open
    waiting = 0  # number of a signal that came meanwhile


@contextlib.contextmanager
def raised() -> Iterator[None]:
    """While the block runs, signals that ask a program to end raise :class:`Interrupted`, unless they are ignored."""
    kept: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                kept[number] = signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Let signals wait until the end of the block: for short work that must not be left half done."""
    _State.held += 1
    try:
        yield
    finally:
        _State.held -= 1
        if _State.waiting and not _State.held and threading.current_thread() is threading.main_thread():
            number, _State.waiting = _State.waiting, 0
            raise Interrupted(number)


def only_by_parent() -> None:
    """In a process that another one looks after: SIGTERM raises :class:`Interrupted`, once, and nothing else does.

    Ctrl-C reaches every process at a terminal; the one that was started by hand decides what becomes of the others. A
    second signal would come when the first one's cleaning up is under way.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _interrupt_once)
    came, _State.held, _State.waiting = _State.waiting, 0, 0
    if came == signal.SIGTERM:  # before this call
        raise Interrupted(came)


def _interrupt(number: int, frame: Any) -> None:
    if _State.held:
        _State.waiting = number
    else:
        raise Interrupted(number)


def _interrupt_once(number: int, frame: Any) -> None:
    signal.signal(number, signal.SIG_IGN)
    _interrupt(number, frame)
