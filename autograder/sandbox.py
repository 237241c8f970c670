"""Start, limit and end the worker of a notebook.

A :class:`Zygote` is a warm process that forks workers in milliseconds; where fork is not to be had (Windows,
macOS) each worker is a process of its own. A :class:`Session` is one notebook's worker for as long as its
checks go on: when a worker dies or hangs, the session starts the next and runs the notebook again.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import itertools
import json
import os
import re
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Protocol, Self

import numpy as np

from . import budget, interrupts, isolation, wire
from .data import Copies
from .errors import (
    CourseError,
    Failure,
    IsolationLost,
    NotCheckable,
    WireError,
    WorkerDied,
    WorkerError,
    WorkerOverBudget,
    WorkerTimeout,
    WorkerUnavailable,
)
from .files import room_for
from .harden import Cage
from .model import CellRun
from .notebook import Step
from .scratch import Folder, sweep

MAX_RESTARTS = 20
START_SECONDS = 60.0
END_SECONDS = 5.0  # for the zygote to end by itself
MAX_SHOWN = 8_000_000  # characters of all outputs of a notebook
WATCH_SECONDS = 0.25  # between two looks at what a busy worker uses
DATA_FOLDERS = ("TFDS_DATA_DIR",)  # variables that name a folder of data sets, which workers may read
USERS = range(61_184, 65_520)  # ids that systemd keeps for users who exist only as long as a process


@dataclass(frozen=True)
class Limits:
    """What one notebook may use while it is graded.

    Args:
        cell_seconds: Wall-clock time for one cell.
        request_seconds: Wall-clock time for one call that a check makes.
        submission_seconds: Wall-clock time for the whole notebook, restarts included.
        memory_mb: Private memory on top of TensorFlow's own, in MiB.
        file_mb: Size of the largest file that may be written, in MiB.
        disk_mb: All that may be written, in MiB.
        disk_files: Number of files and folders that may be made.
        devices: Logical CPU devices that the notebook sees.
        multi_worker: Run it in two processes, the workers of ``tf.distribute.MultiWorkerMirroredStrategy``, which
            reach each other over a loopback of their own. Only at L3.
        gpus: Let it use the GPUs of the machine.
    """

    cell_seconds: float = 60.0
    request_seconds: float = 10.0
    submission_seconds: float = 300.0
    memory_mb: int = 4096
    file_mb: int = 256
    disk_mb: int = 512
    disk_files: int = 10_000
    devices: int = 1
    multi_worker: bool = False
    gpus: bool = False


# What a course may ask for at most. Above it is a slip of the pen, or more than the machine's calls take.
MOST = Limits(
    cell_seconds=3_600.0,
    request_seconds=3_600.0,
    submission_seconds=86_400.0,
    memory_mb=1 << 20,
    file_mb=1 << 20,
    disk_mb=1 << 20,
    disk_files=10_000_000,
    devices=64,
)


# ---- processes ---------------------------------------------------------------------------------------


class Process(Protocol):
    """A worker process that can be ended."""

    pid: int

    def end(self, *twins: int) -> None:
        """Kill the process and its group, and wait until it is gone.

        Args:
            *twins: Process id of the second worker, where there are two.
        """

    def orphaned(self) -> bool:
        """Whether what had started it has ended, and so ended it: nothing that a held worker can bring about."""


class Starter(Protocol):
    """A way to start workers."""

    @property
    def machine(self) -> isolation.Machine:
        """How well workers that are started this way can be held here; tried out once."""

    def warm_up(self) -> None:
        """Begin what takes seconds before the first worker can start, without waiting for it."""

    def start(self, channel: socket.socket, cage: Cage) -> Process:
        """Start a worker that talks over a socket.

        Args:
            channel: The worker's end.
            cage: What is to hold it; its ``parent`` is filled in by the starter.
        """

    def prepare(self, names: Sequence[str]) -> None:
        """Prepare data sets of :mod:`autograder.datasets` for all workers that are started from now on to read.

        Args:
            names: Their names; those that are there already cost nothing.

        Raises:
            DataError: There is no such data set, or it cannot be prepared.
        """

    def close(self) -> None:
        """End whatever was kept for starting workers."""


def environment(scratch: str, *, gpus: bool = False) -> dict[str, str]:
    """The whole environment of a worker: of the grader's it gets only the place of the data sets.

    Args:
        scratch: The worker's own folder.
        gpus: Whether it may see the machine's GPUs: those that the grader itself sees.
    """
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "all") if gpus else "-1"
    data = {name: os.environ[name] for name in DATA_FOLDERS if name in os.environ}
    if visible != "all":
        data["CUDA_VISIBLE_DEVICES"] = visible
    return data | {
        "HOME": scratch,
        "IPYTHONDIR": os.path.join(scratch, ".ipython"),
        "KERAS_HOME": os.path.join(scratch, ".keras"),
        "LANG": "C.UTF-8",
        "LOGNAME": "student",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": os.path.join(scratch, ".matplotlib"),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": os.defpath,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        # oneDNN gains nothing on a notebook's small tensors; choosing its kernels takes a third of all CPU time, and
        # compiling its matrix product 30 ms at the first one.
        "TENSORFLOW_USE_CUSTOM_CONTRACTION_KERNEL": "0",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "TMPDIR": scratch,
    }


def data_folders() -> tuple[str, ...]:
    """The folders of data sets that workers may read."""
    return tuple(os.environ[name] for name in DATA_FOLDERS if os.environ.get(name))


class ColdStarter:
    """Starts every worker as a process of its own, which imports TensorFlow each time.

    Linux ends a worker when the thread that started it ends: start from one that outlives its workers.

    Args:
        most: The highest level of isolation that is tried.
        variables: Added to the environment of workers.
    """

    command: tuple[str, ...] = (sys.executable, "-P", "-s", "-m", "autograder.worker")

    def __init__(self, most: str = isolation.LEVELS[-1], variables: Mapping[str, str] | None = None) -> None:
        self._most = most
        self._variables = dict(variables or {})
        self._data = Copies(self._prepare)

    @functools.cached_property
    def machine(self) -> isolation.Machine:
        """See :class:`Starter`."""
        return survey(self, self._most)

    def warm_up(self) -> None:
        """There is nothing to begin."""

    def start(self, channel: socket.socket, cage: Cage) -> Process:
        """Start a worker; see :class:`Starter`."""
        cage = dataclasses.replace(cage, parent=os.getpid(), data=(*cage.data, *self._data.folders))
        told = json.dumps(dataclasses.asdict(cage))
        command = [*self.command, str(channel.fileno()), told]
        return _Child(
            subprocess.Popen(
                command,
                pass_fds=[channel.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=cage.scratch,
                env=environment(cage.scratch, gpus=cage.gpus) | self._variables | self._data.environment(),
                start_new_session=True,
            )
        )

    def prepare(self, names: Sequence[str]) -> None:
        """Prepare data sets in a process of its own; see :class:`Starter`."""
        self._data.provide(names)

    def _prepare(self, names: Sequence[str], folder: str) -> str:
        command = [sys.executable, "-P", "-s", "-m", "autograder.datasets", "--data-dir", folder, "--", *names]
        with Folder() as scratch:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment(scratch), cwd=scratch
            )
        lines = done.stderr.strip().splitlines() or ["it left no message"]
        return lines[-1].removeprefix("autograder: ") if done.returncode else ""

    def close(self) -> None:
        """Remove the data sets that were prepared."""
        self._data.close()


class _Child:
    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.pid = process.pid

    def end(self, *twins: int) -> None:
        _kill_group(self.pid)
        self._process.wait()

    def orphaned(self) -> bool:
        return False


class Zygote:
    """The warm process that forks workers. It is started on first use and replaced when it is gone.

    Forks of the process that made it may use it too: orders are given one at a time.

    Args:
        most: The highest level of isolation that is tried.
        variables: Added to the environment of workers.
    """

    command: tuple[str, ...] = (sys.executable, "-P", "-s", "-m", "autograder.zygote")

    def __init__(self, most: str = isolation.LEVELS[-1], variables: Mapping[str, str] | None = None) -> None:
        self._most = most
        self._variables = dict(variables or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._lock: IO[bytes] | None = None
        self._folder: Folder | None = None
        self._owner = 0  # process id of whoever launched it, and so is to end it
        self._ready = False  # it has said that it is
        self._data = Copies(self._prepare)

    @functools.cached_property
    def machine(self) -> isolation.Machine:
        """See :class:`Starter`."""
        return survey(self, self._most)

    def warm_up(self) -> None:
        """Start the warm process; see :class:`Starter`."""
        if self._process is None:
            self._launch()

    def start(self, channel: socket.socket, cage: Cage) -> Process:
        """Fork a worker; see :class:`Starter`."""
        for attempt in (1, 2):
            try:
                if self._process is None:
                    self._launch()
                assert self._process is not None
                data = (*cage.data, *self._data.folders)
                held = dataclasses.asdict(dataclasses.replace(cage, parent=self._process.pid, data=data))
                around = environment(cage.scratch, gpus=cage.gpus) | self._variables | self._data.environment()
                pid = self._ask({"fork": {"cage": held, "environment": around}}, channel)["pid"]
                assert self._control is not None
                return _Forked(self, pid, self._control)
            except (OSError, WorkerDied):
                self._stop()
                if attempt == 2:
                    raise
        raise AssertionError("not reached")

    def prepare(self, names: Sequence[str]) -> None:
        """Prepare data sets in a fork that no notebook ever runs in; see :class:`Starter`."""
        self._data.provide(names)

    def _prepare(self, names: Sequence[str], folder: str) -> str:
        try:
            return str(self._ask({"prepare": list(names), "folder": folder})["failed"])
        except (OSError, WorkerDied) as error:
            self._stop()
            return str(error)

    def reap(self, pid: int) -> None:
        """Take note of the end of a forked worker. (Its pid is not given to another process before.)"""
        if self._control is not None:  # else it has ended, and its forks are no longer its to reap
            with contextlib.suppress(OSError, WorkerError):
                self._ask({"reap": pid})

    def close(self) -> None:
        """End the zygote, and remove the data sets that were prepared."""
        self._stop()
        self._data.close()

    def _stop(self) -> None:
        with interrupts.held():
            if self._owner == os.getpid():
                if self._process is not None and self._control is not None:
                    self._end(self._process, self._control)
                if self._folder is not None:  # also where no process could be started in it
                    self._folder.remove()
            elif self._process is not None:
                self._process.returncode = 0  # a fork cannot wait for it, and Popen is not to try
            for kept in (self._control, self._lock):
                if kept is not None:
                    kept.close()
            self._process = self._control = self._lock = self._folder = None

    def _end(self, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        if self._ready:  # it ends by itself, and removes what is left of workers whose grader was killed
            with contextlib.suppress(OSError):
                control.shutdown(socket.SHUT_RDWR)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(END_SECONDS)
        _kill_group(process.pid)
        process.wait()

    def _ask(self, order: Mapping[str, Any], channel: socket.socket | None = None) -> dict[str, Any]:
        if self._control is None:
            self._launch()
        assert self._control is not None
        token = secrets.token_hex(8)
        message = json.dumps({**order, "token": token}).encode()
        with self._one_at_a_time():
            self._control.settimeout(START_SECONDS)
            if not self._ready:
                self._answer(self._control)
                self._ready = True
            socket.send_fds(self._control, [message], [] if channel is None else [channel.fileno()])
            answer = self._answer(self._control)
            while answer.get("token") != token:  # to someone who was killed before it came
                answer = self._answer(self._control)
        return answer

    @contextlib.contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        import fcntl  # there is none on Windows, and no zygote either

        assert self._lock is not None
        # This kind of lock belongs to a process, and is free again when the process is killed.
        fcntl.lockf(self._lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._lock, fcntl.LOCK_UN)

    def _answer(self, control: socket.socket) -> dict[str, Any]:
        message = control.recv(4096)
        if not message:
            raise WorkerDied(f"the process that starts workers ended: {self._last_words()}")
        answer: dict[str, Any] = json.loads(message)
        return answer

    def _last_words(self) -> str:
        assert self._folder is not None
        try:
            with open(os.path.join(self._folder.path, "stderr"), encoding="utf-8", errors="replace") as messages:
                lines = messages.read().strip().splitlines()
        except OSError:
            lines = []
        return lines[-1] if lines else "it left no message"

    def _launch(self) -> None:
        try:
            self._start_process()
        except BaseException:
            self._stop()  # nothing of it stays
            raise

    def _start_process(self) -> None:
        self._owner, self._ready = os.getpid(), False
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with interrupts.held(), theirs, room_for(tempfile.gettempdir()):
            self._folder = Folder("zygote")
            scratch = self._folder.path
            self._lock = open(os.path.join(scratch, "lock"), "wb")  # noqa: SIM115  (open as long as the zygote)
            with open(os.path.join(scratch, "stderr"), "wb") as messages:
                self._process = subprocess.Popen(
                    [*self.command, str(theirs.fileno()), scratch],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=messages,
                    cwd=scratch,
                    env=environment(scratch) | self._variables,
                    start_new_session=True,
                )


class _Forked:
    def __init__(self, zygote: Zygote, pid: int, control: socket.socket) -> None:
        self._zygote = zygote
        self._control = control  # to the zygote that forked it; the next one has another
        self.pid = pid
        try:
            self._watch = os.pidfd_open(pid)
        except OSError:  # an old kernel, or it has ended with its zygote
            self._watch = -1

    def end(self, *twins: int) -> None:
        _kill_group(self.pid)
        if self._watch >= 0:  # a zygote that has ended reaps nobody, and so waits for nobody
            gone = select.poll()
            gone.register(self._watch, select.POLLIN)
            gone.poll(START_SECONDS * 1000)
            os.close(self._watch)
            self._watch = -1
        for pid in (self.pid, *twins):  # the second becomes the zygote's when the first is gone
            self._zygote.reap(pid)

    def orphaned(self) -> bool:
        # The kernel closes what a process has open before it tells its children that it ended.
        if self._control.fileno() < 0:
            return True
        watch = select.poll()
        watch.register(self._control, 0)
        return bool(watch.poll(0))


def _kill_group(pid: int) -> None:
    for kill in (os.killpg, os.kill):  # the group first, while its leader still holds the number
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def starter(most: str = isolation.LEVELS[-1], variables: Mapping[str, str] | None = None) -> Starter:
    """The fastest way to start workers on this machine. What killed graders have left behind is removed first.

    Args:
        most: The highest level of isolation that is tried.
        variables: Added to the environment of workers, such as the settings of TensorFlow's libraries.
    """
    sweep()
    return Zygote(most, variables) if sys.platform == "linux" else ColdStarter(most, variables)


def survey(start: Starter, most: str = isolation.LEVELS[-1]) -> isolation.Machine:
    """Try the levels from the top with real workers, until one is reached.

    Args:
        start: How to start them.
        most: The highest level that is tried.

    Raises:
        WorkerUnavailable: No worker can be started at all.
    """
    attempts = []
    for choice in isolation.candidates(most):
        try:
            Worker(start, Limits(), choice).close()
        except IsolationLost as error:
            attempts.append(isolation.Attempt(choice, str(error)))
            continue
        return isolation.Machine((*attempts, isolation.Attempt(choice)))
    raise WorkerUnavailable(f"no worker can be started: {attempts[-1].failed}")


# ---- one worker --------------------------------------------------------------------------------------


class Worker:
    """One worker process and the conversation with it.

    It is examined before it gets anything to run: what holds it is measured, and one that is held less tightly
    than it was to be is ended.

    Args:
        start: How to start it.
        limits: What it may use.
        choice: How it is to be held; the best way of this machine where None.

    Raises:
        IsolationLost: It is not held so.
        StorageError: There is no room for its folder.
        WorkerUnavailable: It could not be started.
    """

    def __init__(self, start: Starter, limits: Limits, choice: isolation.Choice | None = None) -> None:
        self._limits = limits
        self._choice = choice = choice or start.machine.choice
        self._folder: Folder | None = None
        self._twins: tuple[int, ...] = ()
        self._process: Process | None = None
        self.spent = False  # it said that it cannot go on after its last reply
        self._channel, theirs = socket.socketpair()
        try:
            with theirs:
                with interrupts.held(), room_for(tempfile.gettempdir()):
                    self._make_folder()
                cage = self._cage(choice, limits)
                self.workers = cage.workers
                self._process = start.start(theirs, cage)
            self._budget = budget.Budget(
                self._process.pid,
                self._scratch,
                limits.disk_mb << 20,
                limits.disk_files,
                bounded=choice.level == "L3",
            )
            self.isolation = self._measure(cage)
        except BaseException as error:
            self.close()
            raise _unavailable(error) from error

    def _make_folder(self) -> None:
        self._folder = Folder()
        self._scratch = os.path.join(self._folder.path, "work")
        os.mkdir(self._scratch, 0o700)
        self._canary = os.path.join(self._folder.path, "canary")
        _make_canary(self._canary)
        os.chmod(self._folder.path, 0o711)  # so that not the folder keeps a worker of another user from the canary

    def _cage(self, choice: isolation.Choice, limits: Limits) -> Cage:
        assert self._folder is not None
        return Cage(
            level=choice.level,
            scratch=self._scratch,
            parent=0,
            uid=next(_users) if choice.own_user else None,
            data=data_folders(),
            file_bytes=limits.file_mb << 20,
            disk_bytes=limits.disk_mb << 20,
            disk_files=limits.disk_files,
            folder=self._folder.path,
            workers=2 if limits.multi_worker and choice.level == "L3" else 1,
            gpus=limits.gpus,
        )

    def _measure(self, cage: Cage) -> str:
        """The level that the worker reached, measured before it runs anything of a notebook.

        Raises:
            IsolationLost: It is less than what was chosen.
        """
        assert self._process is not None
        needed = [os.__file__, np.__file__, isolation.__file__]
        found = self.ask({"needed": needed, "forbidden": [self._canary]}, START_SECONDS)
        if found["failed"]:
            raise IsolationLost(str(found["failed"]))
        if found["missing"]:
            raise IsolationLost(f"{', '.join(map(str, found['missing']))} cannot be used then")
        if sys.platform != "linux":
            return "L0"
        facts = isolation.facts(self._process.pid)
        landlocked = not found["open"] and os.stat(self._canary).st_size == 0
        own_scratch = isolation.own_scratch(self._process.pid, self._scratch)
        level, lacks = isolation.level(facts, isolation.facts("self"), landlocked=landlocked, own_scratch=own_scratch)
        if cage.uid is not None and facts.users != {cage.uid}:
            raise IsolationLost(f"it was to be user {cage.uid}, and is {sorted(facts.users)}")
        if level < self._choice.level:
            raise IsolationLost(f"it was to be held at {self._choice.level} and reached {level}: {lacks}")
        if cage.workers > 1:
            self._twins = (int(found["twin"]),)
            if isolation.facts(self._twins[0]) != facts:
                raise IsolationLost("the second of two workers is not held as the first")
            if isolation.interfaces(self._process.pid) != {"lo"}:
                raise IsolationLost("the network of two workers has more than a loopback")
        return level

    def set_up(self, probes: str) -> None:
        """Load and configure TensorFlow, and what else a notebook finds.

        Args:
            probes: Source text of the assignment's own probes.

        Raises:
            CourseError: The probes cannot be loaded.
            WorkerUnavailable: It did not work.
        """
        setup = {
            "devices": self._limits.devices,
            "gpus": self._limits.gpus,
            "memory_bytes": self._limits.memory_mb << 20,
            "probes": probes,
        }
        try:
            reply = self.ask(setup, START_SECONDS)
        except BaseException as error:
            self.close()
            raise _unavailable(error) from error
        if isinstance(reply, Failure):
            self.close()
            raise CourseError(f"probes.py cannot be loaded: {reply.ename}: {reply.evalue}")

    def ask(self, request: Mapping[str, Any], seconds: float) -> Any:
        """Send a request and wait for its reply.

        Args:
            request: Data as :mod:`autograder.wire` sends it.
            seconds: Wall-clock time to wait.

        Raises:
            WorkerTimeout: No whole reply came in time.
            WorkerDied: The process ended, or closed its end.
            WorkerOverBudget: It uses more disk or threads than it may.
            WireError: What came is no reply to this request.
        """
        deadline = time.monotonic() + seconds
        token = secrets.token_hex(16)
        try:
            self._channel.settimeout(max(seconds, 0.001))
            self._channel.sendall(wire.pack({"id": token, **request}))
            reply = wire.read_frame(lambda count: self._read(count, deadline))
        except TimeoutError:
            raise WorkerTimeout(f"no answer within {seconds:g} seconds") from None
        except OSError:
            raise WorkerDied("the process ended") from None
        if type(reply) is not dict or reply.get("id") != token or "value" not in reply:
            raise WireError("the notebook's process sent something that is not an answer")
        self._budget.check()
        self.spent = self.spent or "spent" in reply
        return reply["value"]

    def _read(self, count: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < count:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._channel.settimeout(min(left, WATCH_SECONDS))
            try:
                part = self._channel.recv(min(count - len(data), 1 << 20))
            except TimeoutError:
                self._budget.check()
                continue
            if not part:
                raise WorkerDied("the process ended")
            data += part
        return bytes(data)

    def close(self) -> None:
        """End the process and remove its folder."""
        with interrupts.held():
            self._channel.close()
            if self._process is not None:
                self._process.end(*self._twins)
            if self._folder is not None:
                self._folder.remove()

    @property
    def orphaned(self) -> bool:
        """Whether the process ended because the one that starts workers did; see :class:`Process`."""
        return self._process is not None and self._process.orphaned()


def _shuffle_users() -> None:
    """Begin anywhere: two graders at work at the same time should not give their workers the same users."""
    global _users
    start = secrets.randbelow(len(USERS))
    _users = itertools.cycle([*USERS[start:], *USERS[:start]])


_users: Iterator[int]
_shuffle_users()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_shuffle_users)


def _make_canary(path: str) -> None:
    """Make an empty file that every user of the machine may read and write, and no worker should reach."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    os.chmod(path, 0o666)


def _unavailable(error: BaseException) -> BaseException:
    if isinstance(error, WorkerUnavailable):
        return error
    if isinstance(error, (OSError, WorkerError, WireError)):
        return WorkerUnavailable(f"no worker process can be started: {error}")
    return error


# ---- one notebook ------------------------------------------------------------------------------------


class Session:
    """A notebook's cells run in a worker, which is then asked about them.

    A worker that dies, hangs or cannot go on is replaced: its successor runs the cells again, without the one
    that ended the last. The budget for the whole notebook bounds all of it.

    Whatever a worker dies of is taken for the notebook's doing, with one exception: a worker ends when the process
    that forked it does. A notebook that is held (above L0) cannot bring that about, since it can signal itself
    alone. So what was lost with it is done once more, and costs the notebook neither a cell or an answer nor time.
    That happens once for each notebook, so that whoever should find a way to do it gains no third answer.

    Args:
        start: How to start workers.
        steps: The code cells.
        limits: What the notebook may use.
        probes: Source text of the assignment's own probes.
    """

    def __init__(self, start: Starter, steps: Sequence[Step], limits: Limits, probes: str = "") -> None:
        self._start = start
        self._steps = steps
        self._limits = limits
        self._probes = probes
        self._worker: Worker | None = None
        self._fatal: dict[int, CellRun] = {}  # cells that ended a worker
        self._restarts = 0
        self._ran = False  # all cells, once
        self._deadline = time.monotonic() + limits.submission_seconds
        self._started = 0.0  # when the worker was
        self._spared = False  # once
        self._shown: dict[int, int] = {}  # characters of each cell's outputs
        self.runs: dict[int, CellRun] = {}
        self.isolation = ""  # until it is measured

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker, if there is one."""
        if self._worker is not None:
            worker, self._worker = self._worker, None
            worker.close()

    def cell_id(self, index: int) -> str:
        """The id of a code cell, by its position in the notebook."""
        return next(step.id for step in self._steps if step.index == index)

    def run(self) -> None:
        """Run the cells, in a new worker where there is none. Fills :attr:`runs`.

        Raises:
            WorkerError: The budget of the notebook is used up, or no worker could be started.
        """
        while self._worker is None:
            if self._restarts > MAX_RESTARTS:
                raise WorkerDied(f"the notebook ended {MAX_RESTARTS} processes; no more are started for it")
            self._restarts += 1
            self._left()
            self._started = time.monotonic()
            worker = self._new_worker()
            self._worker, self.isolation = worker, worker.isolation
            for step in self._steps:
                run = self._fatal.get(step.index) or self._run_step(step)
                if run is None:
                    break
                # What a notebook shows is what it showed before it was asked: later, it could show hidden inputs.
                if not self._ran:
                    self.runs[step.index] = self._within_bounds(step.index, run)
                if self._worker is None:
                    break
            else:
                self._ran = True

    def _new_worker(self) -> Worker:
        """A worker that is set up. That it fails once can be no notebook's doing: nothing of one has run in it."""
        for attempt in (1, 2):
            try:
                worker = Worker(self._start, self._limits)
                worker.set_up(self._probes)
                return worker
            except WorkerUnavailable:
                if attempt == 2:
                    raise
        raise AssertionError("not reached")

    def _was_taken_away(self, error: BaseException) -> bool:
        """Whether the worker died of what the notebook cannot have done, for the first time; see the class."""
        assert self._worker is not None
        taken = type(error) is WorkerDied and self._worker.orphaned and self._worker.isolation > "L0"
        if not taken or self._spared:
            return False
        self._spared = True
        self._restarts -= 1
        self._deadline += time.monotonic() - self._started
        self.close()
        return True

    def _within_bounds(self, index: int, run: CellRun) -> CellRun:
        """The run of a cell, without its outputs where the notebook's come to too much: thousands of cells can."""
        self._shown[index] = _size(run)
        if not run.outputs or sum(self._shown.values()) <= MAX_SHOWN:
            return run
        told = "(The outputs of this notebook were cut from here on.)\n"
        return dataclasses.replace(run, outputs=({"output_type": "stream", "name": "stdout", "text": told},))

    def _run_step(self, step: Step) -> CellRun | None:
        """Run one cell; None where the worker was taken away meanwhile."""
        if step.skip:
            return CellRun(step.index, skipped=True)
        assert self._worker is not None
        seconds = min(self._limits.cell_seconds, self._left())
        try:
            reply = self._worker.ask({"cell": step.source}, seconds)
            run = cell_run(step.index, reply)
            if self._worker.spent:
                self.close()
                self._fatal[step.index] = run
            return run
        except (WorkerError, WireError) as error:
            if self._was_taken_away(error):
                return None
            self.close()
            names: dict[type, str] = {
                WorkerTimeout: "TimeLimit",
                WorkerDied: "ProcessEnded",
                WorkerOverBudget: "ResourceLimit",
            }
            ename = names.get(type(error), "ProtocolError")
            told = {
                "TimeLimit": f"The cell did not finish within {seconds:g} seconds.",
                "ProcessEnded": "The cell ended the notebook's process (a crash, or it ran out of memory).",
                "ProtocolError": "The cell disturbed the grading process.",
                "ResourceLimit": f"The cell was ended: {error}.",
            }[ename]
            failure = {"ename": ename, "evalue": told, "traceback": told}
            output = {"output_type": "error", "ename": ename, "evalue": told, "traceback": [told]}
            self._fatal[step.index] = CellRun(step.index, (output,), failure)
            return self._fatal[step.index]

    def ask(self, request: Mapping[str, Any]) -> Any:
        """Ask the notebook; see :class:`autograder.worker.Responder`.

        Args:
            request: The request.

        Returns:
            The reply, or a :class:`Failure`: also for a worker that died or took too long over it.

        Raises:
            NotCheckable: Two workers are asked, and there can be only one here.
            WorkerError: The budget of the notebook is used up.
        """
        if request.get("workers") and not self._limits.multi_worker:
            raise CourseError(
                "a check asks two workers: say multi_worker = true in the settings.toml of the assignment"
            )
        self.run()
        assert self._worker is not None
        if request.get("workers", 1) > self._worker.workers:
            raise NotCheckable(f"two workers need a network of their own (L3), and this machine gives {self.isolation}")
        seconds = min(self._limits.request_seconds, self._left())
        try:
            reply = self._worker.ask(request, seconds)
            if self._worker.spent:
                self.close()
            return reply
        except WorkerTimeout:
            told = Failure("TimeLimit", f"it did not finish within {seconds:g} seconds", builtin=True)
        except WorkerDied as error:
            if self._was_taken_away(error):
                return self.ask(request)
            told = Failure("ProcessEnded", "it ended the notebook's process", builtin=True)
        except WorkerOverBudget as error:
            told = Failure("ResourceLimit", str(error), builtin=True)
        except WireError as error:
            told = Failure("ProtocolError", f"its answer could not be used: {error}", builtin=True)
        self.close()
        return told

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise WorkerTimeout(
                f"The notebook took longer than the {self._limits.submission_seconds:g} seconds that it has in all."
            )
        return left


def _size(run: CellRun) -> int:
    """Roughly how many characters the outputs of a cell take."""
    return sum(len(str(output)) for output in run.outputs)


def cell_run(index: int, reply: Any) -> CellRun:
    """What a worker says of a cell, with every part of it checked.

    Args:
        index: Position of the cell.
        reply: The worker's reply; not trusted.

    Raises:
        WireError: It is not what a worker sends.
    """
    try:
        outputs = tuple(_output(output) for output in reply["outputs"])
        error = reply["error"]
        if error is not None:
            lines = "\n".join(_text(line) for line in error["traceback"])
            error = {"ename": _text(error["ename"]), "evalue": _text(error["evalue"]), "traceback": lines}
        return CellRun(index, outputs, error)
    except (TypeError, KeyError, AttributeError, ValueError):
        raise WireError("the notebook's process sent something that is not a cell's outputs") from None


def _output(output: Mapping[str, Any]) -> dict[str, Any]:
    kind = output["output_type"]
    if kind == "stream":
        name = "stderr" if output["name"] == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": _text(output["text"])}
    if kind == "error":
        parts = {"ename": _text(output["ename"]), "evalue": _text(output["evalue"])}
        return {"output_type": "error", **parts, "traceback": [_text(line) for line in output["traceback"]]}
    data = {mime: _text(output["data"][mime]) for mime in _MIMES if mime in output["data"]}
    # Pictures end up in the attributes of a web page: text that is no base64 could get out of there.
    data = {mime: text for mime, text in data.items() if mime == "text/plain" or _BASE64.fullmatch(text)}
    shown: dict[str, Any] = {"output_type": "display_data", "data": data, "metadata": {}}
    if kind == "execute_result":
        shown |= {"output_type": "execute_result", "execution_count": None}
    return shown


_MIMES = ("text/plain", "image/png", "image/jpeg")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*", re.ASCII)


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError
    return value.encode("utf-8", "replace").decode()
