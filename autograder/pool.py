"""Spread the grading of a class over processes.

Each process is a fork of the grader, so that everything prepared before (the checks, the reference's replies,
the warm process) is there already. The processes take the next submission whenever they are free; what they find
comes back in the order of the submissions. Only the grader itself writes anything down.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from multiprocessing import connection
from multiprocessing.context import ForkContext, ForkProcess
from typing import Any

from . import linux

Send = Callable[[Any], None]
Work = Callable[[Iterator[int], Send], None]

STOP_SECONDS = 20.0  # for a process to end its worker when the class is given up


def default_jobs() -> int:
    """How many processes grade a class unless one says otherwise: one for each core that may be used."""
    if sys.platform != "linux":
        return 1
    return len(os.sched_getaffinity(0))


def spread(count: int, jobs: int, work: Work) -> Iterator[Any]:
    """Do something for the numbers from 0 to ``count - 1`` in several processes.

    Args:
        count: How many there are.
        jobs: How many processes; with one, or where processes cannot be forked, this process does it all.
        work: Called in each process with the numbers that are its to do, which it takes one by one, and with a
            function to which it gives one value for each, in the same order.

    Yields:
        The values, in the order of the numbers.

    Raises:
        Exception: What ``work`` raised in any of the processes.
    """
    if min(count, jobs) <= 1 or sys.platform != "linux":
        yield from _alone(range(count), work)
        return
    context = multiprocessing.get_context("fork")
    counter = context.Value("q", 0)
    running: dict[connection.Connection, ForkProcess] = {}
    try:
        for _ in range(min(jobs, count)):
            ours, theirs = context.Pipe(duplex=False)
            running[ours] = _start(context, count, counter, work, theirs, [*running, ours])
            theirs.close()
        yield from _in_order(count, running, work)
    finally:
        for end, process in running.items():
            _stop(end, process)


def _alone(numbers: range | list[int], work: Work) -> list[Any]:
    values: list[Any] = []
    work(iter(numbers), values.append)
    return values


def _start(
    context: ForkContext, count: int, counter: Any, work: Work, end: Any, others: list[connection.Connection]
) -> ForkProcess:
    parent = os.getpid()
    arguments = (parent, count, counter, work, end, others)
    process = context.Process(target=_serve, args=arguments, daemon=True)
    process.start()
    return process


def _serve(parent: int, count: int, counter: Any, work: Work, end: Any, others: list[connection.Connection]) -> None:
    """The life of one process."""
    for other in others:
        other.close()
    _end_with(parent)
    current = -1

    def numbers() -> Iterator[int]:
        nonlocal current
        while True:
            with counter.get_lock():
                current = counter.value
                counter.value += 1
            if current >= count:
                return
            yield current

    try:
        work(numbers(), lambda value: end.send((current, value)))
    except KeyboardInterrupt:
        pass  # the grader says so
    except BaseException as error:
        end.send((None, error))
    finally:
        end.close()


def _end_with(parent: int) -> None:
    """Be interrupted when the grader is killed, so that no process and no folder is left behind."""
    with contextlib.suppress(OSError):
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGINT)
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
    missing = [number for number in range(following, count) if number not in waiting]
    waiting.update(zip(missing, _alone(missing, work), strict=True))
    for number in range(following, count):
        yield waiting.pop(number)


def _stop(end: connection.Connection, process: ForkProcess) -> None:
    end.close()
    if process.is_alive() and process.pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGINT)
        process.join(STOP_SECONDS)
        if process.is_alive():
            process.kill()
    process.join()
