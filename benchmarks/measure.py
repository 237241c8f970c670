"""What a command costs: wall time, CPU time of every process that it starts, and memory while it runs."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_ORPHANS_SECONDS = 20.0  # for what a command leaves behind to end by itself


@dataclass(frozen=True)
class Cost:
    """What something took.

    Args:
        wall: Seconds on the clock.
        cpu: Seconds of user and system time, of all processes.
    """

    wall: float
    cpu: float

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.wall - other.wall, self.cpu - other.cpu)

    def __truediv__(self, count: float) -> Cost:
        return Cost(self.wall / count, self.cpu / count)


def adopt_orphans() -> None:
    """Make this process the parent of what its children leave behind, so that no CPU time is lost."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def timed(
    command: Sequence[str | Path],
    folder: Path,
    environment: Mapping[str, str],
    *,
    statuses: Sequence[int] = (0,),
    line: Callable[[int, str], None] | None = None,
) -> tuple[Cost, str]:
    """Run a command to its end, and that of everything that it started.

    Args:
        command: The command.
        folder: Where to run it.
        environment: Its environment.
        statuses: Exit statuses that are fine.
        line: Called with the command's process id and each line that it prints, as it comes.

    Returns:
        What it cost, and what it printed.

    Raises:
        RuntimeError: It failed, or left a process behind that does not end.
    """
    before, start = _children_cpu(), time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)),
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    errors: list[str] = []
    drain = threading.Thread(target=lambda stream=process.stderr: errors.append(stream.read()))
    drain.start()
    printed = []
    for text in process.stdout:
        printed.append(text)
        if line is not None:
            line(process.pid, text)
    status = process.wait()
    wall = time.perf_counter() - start
    drain.join()
    process.stdout.close()
    process.stderr.close()
    _reap_orphans()
    if status not in statuses:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with status {status}: {errors[0][-2000:]}")
    return Cost(wall, _children_cpu() - before), "".join(printed)


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _reap_orphans() -> None:
    deadline = time.monotonic() + _ORPHANS_SECONDS
    while time.monotonic() < deadline:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            time.sleep(0.01)
    raise RuntimeError("a command left a process behind, whose CPU time cannot be counted")


# ---- memory ------------------------------------------------------------------------------------------


def private_mb(pid: int) -> float | None:
    """The private memory of a process in MiB; None where it is gone or does not let itself be read."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def family(pid: int, *, without: str = "\n") -> dict[int, tuple[int, str]]:
    """A process and all that it started: the parent and the command line of each, by process id.

    Args:
        pid: The process.
        without: Leave out a process with this in its command line, and all that it started.
    """
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found: dict[int, tuple[int, str]] = {}
    pending = [pid]
    while pending:
        each = pending.pop()
        with contextlib.suppress(OSError):
            line = Path(f"/proc/{each}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if without not in line:
                found[each] = parents.get(each, 0), line
                pending += [child for child, parent in parents.items() if parent == each]
    return found


@dataclass
class Peaks:
    """The largest private memory that was seen, in MiB.

    Args:
        workers: Of each worker, by its process id.
        zygote: Of the warm process.
    """

    workers: dict[int, float]
    zygote: float = 0.0


@contextlib.contextmanager
def watching_workers(pause: float = 0.05) -> Iterator[Peaks]:
    """Look at the memory of the workers that this process's children start, for as long as the context lasts.

    Looking costs the workers time, so nothing is timed meanwhile.

    Args:
        pause: Seconds between two looks.
    """
    peaks, done = Peaks({}), threading.Event()

    def watch() -> None:
        while not done.wait(pause):
            everyone = family(os.getpid())
            for pid, (parent, command) in everyone.items():
                if "autograder.zygote" in command and (size := private_mb(pid)) is not None:
                    if "autograder.zygote" in everyone.get(parent, (0, ""))[1]:
                        peaks.workers[pid] = max(size, peaks.workers.get(pid, 0.0))
                    else:
                        peaks.zygote = max(size, peaks.zygote)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peaks
    finally:
        done.set()
        thread.join()
