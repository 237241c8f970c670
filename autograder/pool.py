"""Spread the grading of a class over processes.

Each process is a fork of the grader, so that everything prepared before (the checks, the reference's replies,
the warm process) is there already. The processes take the next submission whenever they are free; what they find
comes back in the order of the submissions. Only the grader itself writes anything down. Each of them may be killed at
any time: what it was doing is done again. When the grader is, they end by themselves.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import connection
from multiprocessing.context import ForkContext, ForkProcess
from typing import IO, Any

from . import interrupts, linux
from .files import room_for

Send = Callable[[Any], None]
Work = Callable[[Iterator[int], Send], None]

STOP_SECONDS = 20.0  # for the processes to end their workers when the class is given up
_NUMBER = struct.Struct("<q")


def default_jobs() -> int:
    """How many processes grade a class unless one says otherwise: one for each core that may be used."""
    if sys.platform != "linux":
        return 1
    return len(os.sched_getaffinity(0))


def spread(count: int, jobs: int, work: Work) -> Iterator[Any]:
    """Do something for the numbers from 0 to ``count - 1`` in several processes.

    Args:
        count: How many there are.
        jobs: How many processes; where there is one number only, or none can be forked, this process does it all.
        work: Called in each process with the numbers that are its to do, which it takes one by one, and with a
            function to which it gives one value for each, in the same order.

    Yields:
        The values, in the order of the numbers, each as soon as it and those before it are there.

    Raises:
        Exception: What ``work`` raised in any of the processes.
    """
    if count <= 1 or sys.platform != "linux":
        yield from _alone(range(count), work)
        return
    context = multiprocessing.get_context("fork")
    running: dict[connection.Connection, ForkProcess] = {}
    with _numbers(count) as numbers:
        try:
            # A collection would touch, and so copy, what every process shares with the grader: no need to look there.
            gc.collect()
            gc.freeze()
            for _ in range(min(jobs, count)):
                with interrupts.held():
                    ours, theirs = context.Pipe(duplex=False)
                    running[ours] = _start(context, numbers, work, theirs, [*running, ours])
                    theirs.close()
            yield from _in_order(count, running, work)
        finally:
            with interrupts.held():
                _stop(running)


def _numbers(count: int) -> IO[bytes]:
    """A file of the numbers from 0 on, of which processes that share it read one after the other.

    The kernel moves the place where they read; there is no lock that one of them could hold when it is killed.
    """
    with room_for(tempfile.gettempdir()):
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  (the caller closes it)
        file.write(b"".join(map(_NUMBER.pack, range(count))))
        file.seek(0)
    return file


def _alone(numbers: Iterable[int], work: Work) -> Iterator[Any]:
    for number in numbers:
        values: list[Any] = []
        work(iter([number]), values.append)
        yield from values


def _start(
    context: ForkContext, numbers: IO[bytes], work: Work, end: Any, others: list[connection.Connection]
) -> ForkProcess:
    process = context.Process(target=_serve, args=(os.getpid(), numbers, work, end, others), daemon=True)
    process.start()
    return process


def _serve(parent: int, numbers: IO[bytes], work: Work, end: Any, others: list[connection.Connection]) -> None:
    """The life of one process."""
    current = -1

    def taken() -> Iterator[int]:
        nonlocal current
        while record := numbers.read(_NUMBER.size):
            (current,) = _NUMBER.unpack(record)
            yield current

    try:
        interrupts.only_by_parent()
        for other in others:
            other.close()
        _end_with(parent)
        work(taken(), lambda value: end.send((current, value)))
    except KeyboardInterrupt:
        pass  # the grader says so
    except BaseException as error:
        with contextlib.suppress(OSError):  # the grader was killed
            end.send((None, error))
    finally:
        with contextlib.suppress(KeyboardInterrupt):  # asked to end when it is about to: that is no error
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            end.close()


def _end_with(parent: int) -> None:
    """Be asked to end when the grader is killed, so that no process and no folder is left behind."""
    with contextlib.suppress(OSError):
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise KeyboardInterrupt


def _in_order(count: int, running: dict[connection.Connection, ForkProcess], work: Work) -> Iterator[Any]:
    waiting: dict[int, Any] = {}
    following = 0
    open_ends: list[connection.Connection] = list(running)
    while open_ends:
        for end in connection.wait(open_ends):
            assert isinstance(end, connection.Connection)
            try:
                number, value = end.recv()
            except (EOFError, OSError):
                open_ends.remove(end)
                continue
            if number is None:
                raise value
            waiting[number] = value
        while following in waiting:
            yield waiting.pop(following)
            following += 1
    # A process that was killed (out of memory, say) leaves a gap: what it was doing is done again here.
    for number in range(following, count):
        if number in waiting:
            yield waiting.pop(number)
        else:
            yield from _alone([number], work)


def _stop(running: dict[connection.Connection, ForkProcess]) -> None:
    for end, process in running.items():
        end.close()
        if process.is_alive():
            process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in running.values():
        process.join(max(deadline - time.monotonic(), 0))
        if process.is_alive():
            process.kill()
        process.join()
