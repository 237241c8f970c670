"""The exceptions of tf-autograder, in one small tree.

AutograderError
├── UsageError          the caller asked for something that does not exist (exit status 2)
├── CourseError         the instructor's own files are wrong: source notebook, checks, settings
│   └── IsolationRefused  the course asks for more isolation than this machine gives
├── DataError           a data set does not exist, or a file that it is made from is damaged
├── SubmissionError     the student's file cannot be graded; carries a `kind` for the Result
├── WireError           bytes from a worker are not a message
├── WorkerError         a worker is gone or too slow
│   ├── WorkerDied      the process ended
│   ├── WorkerTimeout   a time limit passed
│   └── WorkerOverBudget  it took more disk or threads than it may
├── WorkerUnavailable   no worker can be started on this machine: the grader's trouble, not a notebook's
│   └── IsolationLost   a worker is held less tightly than it was to be; it was ended before it ran anything
├── StorageError        a file of the grader's own cannot be written: a full disk, most likely
├── NoRecordedReply     a release holds no recorded reply for this request
└── CallFailed          code of a notebook raised when a check called it; carries the `failure`

Every message names what failed, where, and what to do about it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """The exception that a call in a worker raised, as far as it can be told from outside.

    Args:
        ename: Name of the exception's class; chosen by the other side.
        evalue: Its message; chosen by the other side.
        traceback: The lines of the notebook that it passed through, as text.
        bases: Names of its base classes.
        builtin: Whether the class is Python's or TensorFlow's own, so that its name is safe to repeat.
    """

    ename: str
    evalue: str = ""
    traceback: str = ""
    bases: tuple[str, ...] = ()
    builtin: bool = False


class AutograderError(Exception):
    """Base class of every error that tf-autograder raises on purpose."""


class UsageError(AutograderError):
    """The caller named something that does not exist or left something out."""


class CourseError(AutograderError):
    """A file of the course (source notebook, checks, settings) is wrong: the instructor's to mend."""


class IsolationRefused(CourseError):
    """The course asks for more isolation than this machine gives; nothing is graded."""


class DataError(AutograderError):
    """A data set does not exist, or a file that it is made from is missing or damaged."""


class SubmissionError(AutograderError):
    """A submission that cannot be graded at all.

    Args:
        kind: Short machine-readable name of the cause, such as ``"not_json"``.
        message: A sentence for the student and the instructor.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class WireError(AutograderError):
    """Bytes from a worker are not a message of the protocol, or are larger than its limits."""


class WorkerError(AutograderError):
    """A worker process cannot go on."""


class WorkerDied(WorkerError):
    """The worker process ended without being asked to."""


class WorkerTimeout(WorkerError):
    """The worker did not answer within its time limit."""


class WorkerOverBudget(WorkerError):
    """The worker took more disk space, files or threads than it may, and was ended."""


class WorkerUnavailable(AutograderError):
    """No worker can be started on this machine."""

    kind = "worker_unavailable"  # of the Result's Problem


class IsolationLost(WorkerUnavailable):
    """A worker is held less tightly than it was to be; it was ended before it ran anything."""

    kind = "isolation_lost"


class StorageError(AutograderError):
    """A file that the grader has to write cannot be written: the machine's trouble, and nobody's notebook's."""


class NoRecordedReply(AutograderError):
    """The release holds no recorded reply for a request that a visible check makes."""


class CallFailed(AutograderError):
    """Code of a notebook raised when a check called it.

    Args:
        name: The function that was called.
        failure: What it raised (a :class:`autograder.wire.Failure`).
        reference: Whether it was the reference's code, not the student's.
    """

    def __init__(self, name: str, failure: Failure, *, reference: bool) -> None:
        super().__init__(f"{name} raised {failure.ename}: {failure.evalue}")
        self.name = name
        self.failure = failure
        self.reference = reference
