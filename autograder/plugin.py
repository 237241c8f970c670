"""Run checks with pytest: marks, fixtures, and the collection of outcomes.

The check files of a notebook are collected once; then every notebook to be graded goes through the same
items, one after the other. What pytest calls a failure is sorted here into the five statuses of
:class:`~autograder.model.Status`, and what a hidden check found is redacted.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import io
import os
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from .draw import Draw
from .errors import CallFailed, CourseError, Failure, NoRecordedReply, NotCheckable, WorkerError, WorkerUnavailable
from .expect import CheckFailed
from .expect.signatures import of_error
from .model import Check, Outcome, Status, Visibility
from .student import Asker, Cached, Proxy, last_call

# Parts of pytest that would print, write files or cost time on every submission.
_PLUGINS_OFF = (
    *("terminal", "cacheprovider", "warnings", "logging", "junitxml", "faulthandler", "stepwise", "doctest"),
    *("unraisableexception", "threadexception"),
)
VISIBLE, HIDDEN, PROBES = "visible.py", "hidden.py", "probes.py"
# The names of errors that a hidden check tells. Whoever writes a notebook can call a class of his as he likes, hidden
# inputs included, and make his process say that it is Python's own.
_KNOWN_ERRORS = frozenset(
    (
        *(name for name, item in vars(builtins).items() if isinstance(item, type) and issubclass(item, BaseException)),
        *("AbortedError", "AlreadyExistsError", "CancelledError", "DataLossError", "DeadlineExceededError"),
        *("FailedPreconditionError", "InaccessibleTensorError", "InternalError", "InvalidArgumentError"),
        *("NotFoundError", "OutOfRangeError"),
        *("OperatorNotAllowedInGraphError", "PermissionDeniedError", "ResourceExhaustedError", "UnauthenticatedError"),
        *("UnavailableError", "UnimplementedError", "UnknownError"),
    )
)
_MISSING = re.compile(r"name '(\w+)' is not defined(?:\. Did you mean: '(\w+)'\?)?")  # as a worker says it
_NOT_RUN = "Run the cell with your code first, then this one."
NOT_HERE = "Not to be checked on this machine:"  # how the detail of such an outcome begins
_FEW_DEVICES = (
    "this kernel has fewer logical devices than the check has replicas. They are made before TensorFlow's first op: "
    "restart the kernel and run the notebook from its first cell. Where that makes none, the check runs in grading."
)


@dataclass(frozen=True)
class Subject:
    """A notebook that is to be checked.

    Args:
        student: Answers for the student's notebook.
        reference: Answers for the instructor's.
        seed: Seed of the inputs.
        untouched: Exercises that the student has left as they were handed out.
        broken: Ids of checks that the reference itself does not pass, with the reason.
        clean: Answers in a process in which nothing of the student's ever ran; None where the student's own process
            is all that there is.
        live: It is a student's own notebook, which has the expected values of its checks beside it: messages may
            tell them.
        key: Whatever the caller wants to know it by.
        watch: Told of each check before it runs.
        kept: Answers what checks share; a cache around ``student`` where None.
        brief: Run no further checks of an exercise once one of them has failed.
    """

    student: Asker
    reference: Asker
    seed: int
    untouched: frozenset[str] = frozenset()
    broken: Mapping[str, str] = field(default_factory=dict)
    clean: Asker | None = None
    live: bool = False
    key: Any = None
    watch: Callable[[Check], None] | None = None
    kept: Asker | None = None
    brief: bool = False


Report = Callable[[Subject, "tuple[Outcome, ...] | WorkerUnavailable"], None]


def collect(folder: Path, exercises: Sequence[str], *, hidden: bool = True) -> tuple[Check, ...]:
    """The checks of a notebook, in the order in which they run.

    Args:
        folder: Where ``visible.py`` and ``hidden.py`` are.
        exercises: Ids of the notebook's grade cells.
        hidden: Whether to include the hidden checks.

    Raises:
        CourseError: A check file cannot be imported, or a check is not declared as it should be.
    """
    grading = _Grading(exercises, (), lambda subject, outcomes: None, None)
    _run_pytest(folder, grading, hidden)
    return grading.checks


def run(
    folder: Path,
    exercises: Sequence[str],
    subjects: Iterable[Subject],
    report: Report,
    *,
    hidden: bool = True,
    only: Sequence[str] | None = None,
) -> None:
    """Check notebooks.

    Args:
        folder: Where ``visible.py`` and ``hidden.py`` are.
        exercises: Ids of the notebook's grade cells.
        subjects: The notebooks; taken one at a time, each when the one before has been reported.
        report: Called with each subject and its outcomes, or with the error where the machine gave out.
        hidden: Whether to run the hidden checks.
        only: Run only the checks of these exercises (and those that they need).

    Raises:
        CourseError: A check file cannot be imported, or a check is not declared as it should be.
    """
    _run_pytest(folder, _Grading(exercises, subjects, report, only, _arguments(folder / PROBES)), hidden)


def _run_pytest(folder: Path, grading: _Grading, hidden: bool) -> None:
    folder = folder.resolve()
    files = [folder / name for name in ([VISIBLE, HIDDEN] if hidden else [VISIBLE]) if (folder / name).is_file()]
    if not files:
        raise CourseError(f"{folder}: there are no checks ({VISIBLE}, {HIDDEN})")
    for file in files:
        _assert_no_name_twice(file)
    arguments = [str(file) for file in files]
    arguments += ["--noconftest", "--import-mode=importlib", f"--rootdir={folder}", "-c", os.devnull, "--capture=no"]
    arguments += [option for name in _PLUGINS_OFF for option in ("-p", f"no:{name}")]
    with _quiet_environment(), _forget_modules(folder):
        status = pytest.main(arguments, plugins=[grading])
    stopped = grading.interrupted
    if isinstance(stopped, pytest.exit.Exception) or (isinstance(stopped, SystemExit) and not grading.started):
        raise CourseError(f"{folder}: a check file ends pytest itself ({stopped!r})") from None
    if stopped is not None:
        raise stopped
    if not grading.started:
        raise CourseError(
            f"{folder}: pytest could not run the checks here (status {int(status)}). "
            "It takes no path that holds “[” or “::”; move the course or the notebook elsewhere"
        )


@contextlib.contextmanager
def _quiet_environment() -> Iterator[None]:
    """Keep the user's own pytest options and plugins out of grading, and ours out of a pytest around it."""
    names = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_CURRENT_TEST")
    kept = {name: os.environ.get(name) for name in names}
    writes_no_bytecode = sys.dont_write_bytecode
    try:
        sys.dont_write_bytecode = True  # a cached check file that was edited within one second would be run again
        for name in kept:
            os.environ.pop(name, None)
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        yield
    finally:
        sys.dont_write_bytecode = writes_no_bytecode
        for name, value in kept.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@contextlib.contextmanager
def _forget_modules(folder: Path) -> Iterator[None]:
    """Forget the check files afterwards: another notebook's have the same names, and a file may change."""
    names = [Path(file).stem for file in (VISIBLE, HIDDEN)]
    others = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    before = set(sys.modules)
    try:
        yield
    finally:
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None)
            if file and Path(file).parent == folder:
                del sys.modules[name]
        sys.modules.update(others)


class _Grading:
    """The pytest plugin: one instance for each run."""

    def __init__(
        self,
        exercises: Sequence[str],
        subjects: Iterable[Subject],
        report: Report,
        only: Sequence[str] | None,
        probes: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._probes = probes
        self._exercises = exercises
        self._subjects = subjects
        self._report = report
        self._only = only
        self._items: dict[str, pytest.Item] = {}
        self._errors: dict[str, BaseException] = {}
        self._student: Proxy | None = None
        self._reference: Proxy | None = None
        self._draw: Draw | None = None
        self.checks: tuple[Check, ...] = ()
        self.interrupted: BaseException | None = None
        self.started = False

    # -- fixtures

    @pytest.fixture
    def student(self) -> Proxy | None:
        """The notebook that is graded."""
        return self._student

    @pytest.fixture
    def reference(self) -> Proxy | None:
        """The instructor's notebook."""
        return self._reference

    @pytest.fixture
    def draw(self) -> Draw | None:
        """Seeded inputs."""
        return self._draw

    # -- hooks

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "points(n, needs=(), group=None, hint=''): what a check is worth")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if not report.passed and self.interrupted is None:  # a file that skips itself would lose its checks unseen
            self.interrupted = CourseError(f"the checks cannot be collected: {report.longreprtext.strip()[-2000:]}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport | None:
        if call.excinfo is None:
            return None
        assert call.when != "collect"
        self._errors.setdefault(item.name, call.excinfo.value)
        # pytest's own report quotes the lines around the error, at 20 ms for each failure; nobody would read it.
        return pytest.TestReport(item.nodeid, item.location, {}, "failed", None, call.when)

    def pytest_internalerror(self, excrepr: object, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self.interrupted = self.interrupted or excinfo.value

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self.interrupted = self.interrupted or excinfo.value

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Iterator[None]:
        with contextlib.redirect_stdout(io.StringIO()):  # as for a check that runs
            return (yield)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.started = True
        if self.interrupted is not None:
            return True
        try:
            self._declare(session.items)
            for subject in self._subjects:
                self._report(subject, self._try_check(subject))
        except BaseException as error:  # kept from pytest, which would print it as an error of its own
            self.interrupted = error
        return True

    def _try_check(self, subject: Subject) -> tuple[Outcome, ...] | WorkerUnavailable:
        try:
            return self._check(subject)
        except WorkerUnavailable as error:
            return error

    # -- declaration

    def _declare(self, items: Sequence[pytest.Item]) -> None:
        declared: dict[str, Check] = {}
        for item in items:
            check = _declared(item, self._exercises)
            if check.id in declared:
                raise CourseError(f"{item.path}: two checks have the name {check.id}")
            declared[check.id] = check
            self._items[check.id] = item
        wanted = {c.id for c in declared.values() if self._only is None or c.group in self._only}
        ordered: dict[str, Check] = {}
        for check in declared.values():
            if check.id in wanted:
                _put_in_order(check, declared, ordered, ())
        self.checks = tuple(ordered.values())

    # -- checking

    def _check(self, subject: Subject) -> tuple[Outcome, ...]:
        outcomes: dict[str, Outcome] = {}
        kept = subject.kept or Cached(subject.student)
        for check in self.checks:
            blocked = _blocked(check, outcomes) or (_decided(check, outcomes) if subject.brief else None)
            outcomes[check.id] = blocked or self._run(check, subject, kept)
        only = self._only
        return tuple(outcome for outcome in outcomes.values() if only is None or outcome.check.group in only)

    def _run(self, check: Check, subject: Subject, kept: Asker) -> Outcome:
        if subject.watch is not None:
            subject.watch(check)
        start = time.perf_counter()
        self._student = Proxy(subject.student, kept=kept, clean=subject.clean)
        self._reference = Proxy(subject.reference, reference=True)
        self._draw = Draw(subject.seed, check.id)
        self._errors.pop(self._items[check.id].name, None)
        # What an instructor's check prints belongs neither in the table nor in --json.
        with contextlib.redirect_stdout(io.StringIO()):
            runtestprotocol(self._items[check.id], log=False, nextitem=None)
        error = self._errors.pop(self._items[check.id].name, None)
        seconds = time.perf_counter() - start
        if error is None:
            return Outcome(check, Status.PASSED, check.points, seconds=seconds)
        if isinstance(error, NotCheckable):
            message = f"Not checked: {error}."
            return Outcome(check, Status.NOT_CHECKED, 0.0, message, seconds=seconds, detail=f"{NOT_HERE} {error}")
        if check.id in subject.broken:
            return _fault(check, subject.broken[check.id], seconds)
        calls = [last_call(self._student, self._probes, brief=brief) for brief in (True, False)]
        return _judge(check, error, subject, calls, seconds)


def _declared(item: pytest.Item, exercises: Sequence[str]) -> Check:
    """The Check that a pytest item declares."""
    where = f"{item.path.name}, {item.name}"
    mark = item.get_closest_marker("points")
    title = (getattr(getattr(item, "obj", None), "__doc__", None) or "").strip()
    if not title:
        raise CourseError(f"{where}: the check has no docstring; its first line is what the student reads")
    if mark is None:
        raise CourseError(f"{where}: the check has no points; add @pytest.mark.points(1)")
    unknown = set(mark.kwargs) - {"needs", "group", "hint"}
    if len(mark.args) != 1 or unknown:
        raise CourseError(f"{where}: write @pytest.mark.points(2, needs=..., group=..., hint=...)")
    points = mark.args[0]
    if isinstance(points, bool) or not isinstance(points, (int, float)) or not 0 <= points < 10_000:
        raise CourseError(f"{where}: points are a number that is not negative, not {points!r}")
    needs = mark.kwargs.get("needs", ())
    return Check(
        id=item.name,
        title=title.splitlines()[0].strip(),
        group=_group(item, mark.kwargs.get("group"), exercises, where),
        visibility=Visibility.HIDDEN if item.path.name == HIDDEN else Visibility.VISIBLE,
        points=float(points),
        needs=(needs,) if isinstance(needs, str) else tuple(needs),
        hint=mark.kwargs.get("hint", ""),
    )


def _group(item: pytest.Item, stated: str | None, exercises: Sequence[str], where: str) -> str:
    """The exercise of a check: the one it states, or the longest one that its name begins with."""
    if stated is not None:
        candidates = [exercise for exercise in exercises if exercise == stated]
    else:
        name = getattr(item, "originalname", item.name).removeprefix("test_") + "_"
        candidates = [exercise for exercise in exercises if name.startswith(exercise.replace("-", "_") + "_")]
    if not candidates:
        known = ", ".join(exercises) or "none"
        raise CourseError(
            f"{where}: the check belongs to no grade cell of the notebook (they are: {known}). "
            "Name it test_<grade cell>_<what>, or say @pytest.mark.points(…, group=…)"
        )
    return max(candidates, key=len)


def _arguments(file: Path) -> dict[str, list[str]]:
    """Names of the arguments of each function of a file of probes, without the notebook that comes first."""
    try:
        body = ast.parse(file.read_text(encoding="utf-8")).body
    except (OSError, SyntaxError, ValueError):
        return {}
    return {item.name: [arg.arg for arg in item.args.args[1:]] for item in body if isinstance(item, ast.FunctionDef)}


def _assert_no_name_twice(file: Path) -> None:
    """Refuse a file that defines a check twice: Python would keep the last and lose the others without a word."""
    try:
        body = ast.parse(file.read_text(encoding="utf-8")).body
    except (SyntaxError, ValueError):
        return  # pytest says it better
    names = Counter(statement.name for statement in body if isinstance(statement, ast.FunctionDef))
    for name, times in names.items():
        if times > 1 and name.startswith("test_"):
            raise CourseError(f"{file}: two checks have the name {name}")


def _put_in_order(
    check: Check, declared: Mapping[str, Check], ordered: dict[str, Check], path: tuple[str, ...]
) -> None:
    """Add a check after those that it needs."""
    if check.id in path:
        raise CourseError(f"the checks {', '.join(path)} need one another in a circle")
    for need in check.needs:
        if need not in declared:
            raise CourseError(f"{check.id} needs {need}, which is not a check of this notebook")
        _put_in_order(declared[need], declared, ordered, (*path, check.id))
    ordered.setdefault(check.id, check)


# ---- outcomes ----------------------------------------------------------------------------------------


def _blocked(check: Check, outcomes: Mapping[str, Outcome]) -> Outcome | None:
    """The outcome of a check whose ground is missing, or None."""
    for need in check.needs:
        ground = outcomes[need]
        if ground.status is Status.NOT_ATTEMPTED and ground.check.group == check.group:
            return Outcome(check, Status.NOT_ATTEMPTED, 0.0, ground.message)
        if ground.status not in (Status.PASSED, Status.FAULT):
            message, detail = f"Not checked until “{ground.check.title}” passes.", ""
            if ground.detail.startswith(NOT_HERE):
                message, detail = ground.message, ground.detail
            return Outcome(check, Status.NOT_CHECKED, 0.0, message, detail=detail)
    return None


def _decided(check: Check, outcomes: Mapping[str, Outcome]) -> Outcome | None:
    """The outcome of a check of an exercise in which another one has failed already, or None."""
    if all(o.status is not Status.FAILED for o in outcomes.values() if o.check.group == check.group):
        return None
    return Outcome(check, Status.NOT_CHECKED, 0.0, "Not checked: another check of this exercise failed.")


def _fault(check: Check, detail: str, seconds: float) -> Outcome:
    message = "This check is broken. It costs you nothing; your instructor has been told."
    return Outcome(check, Status.FAULT, check.points, message, seconds=seconds, detail=detail)


def _undecided(check: Check, error: CallFailed, seconds: float) -> Outcome:
    """The outcome of a check in which the reference failed, that passes when the reference is the student too.

    So the check asks the reference something else than it did then, which depends on the student's replies: its
    author has broken a rule. It is no wrong answer. But what is asked may be the student's choice, and so may be
    that the reference fails: no points are given before a person has looked.
    """
    message = "This check could not be decided, and gives no points yet. Your instructor has been told, and will look."
    told = "The reference fails on what this check asked it, which must not depend on the student's replies.\n"
    return Outcome(check, Status.FAULT, 0.0, message, seconds=seconds, detail=told + _traceback(error))


def _judge(check: Check, error: BaseException, subject: Subject, calls: Sequence[str], seconds: float) -> Outcome:
    """The outcome of a check that raised, and that the reference passes: so the student's notebook is the cause.

    ``calls`` is its last call as the student is told of it, and in whole.
    """
    if isinstance(error, (KeyboardInterrupt, GeneratorExit)):
        raise error
    if isinstance(error, WorkerUnavailable):
        raise error
    if isinstance(error, NoRecordedReply):
        return Outcome(check, Status.NOT_CHECKED, 0.0, f"Not checked: {error}", seconds=seconds)
    if subject.live and isinstance(error, CallFailed) and error.failure.ename == "FewDevices":
        return Outcome(check, Status.NOT_CHECKED, 0.0, f"Not checked: {_FEW_DEVICES}", seconds=seconds)
    if isinstance(error, pytest.skip.Exception):
        return Outcome(check, Status.NOT_CHECKED, 0.0, f"Not checked: {error.msg}", seconds=seconds)
    if check.group in subject.untouched and not isinstance(error, WorkerError):
        return Outcome(check, Status.NOT_ATTEMPTED, 0.0, _not_attempted(check, error, subject.live), seconds=seconds)
    if isinstance(error, CallFailed) and error.reference:
        return _undecided(check, error, seconds)
    hidden = check.visibility is Visibility.HIDDEN
    message = _explain(error, hidden, live=subject.live)
    detail = _detail(error, hidden)
    brief, whole = calls
    if brief and not hidden:
        message += f"\n{brief}"
        detail = detail if brief == whole else f"{whole}\n{detail}".rstrip()
    return Outcome(check, Status.FAILED, 0.0, message, check.hint, seconds, detail)


def _not_attempted(check: Check, error: BaseException, live: bool) -> str:
    """What is said of an exercise that is as it was handed out, or whose answer has another name than it asks for."""
    missing = _missing(error, check.visibility is Visibility.HIDDEN) if isinstance(error, CallFailed) else None
    told = f"{missing[0]} is not defined.{missing[1]}" if missing else ""
    todo = "Write your code, run its cell, then this one." if live else "Not attempted yet."
    return " ".join(part for part in ((told, todo) if live else (todo, told)) if part)


def _missing(error: CallFailed, hidden: bool) -> tuple[str, str] | None:
    """The name that a call missed, and a sentence on one that may be meant by it; None where it missed none.

    A probe may miss another name than its own. What the student's process says of it could be a hidden input, too, and
    so could the names that it has.
    """
    failure = error.failure
    told = _MISSING.fullmatch(failure.evalue) if failure.ename == "NameError" else None
    if told is None or (told[1] != error.name and (hidden or failure.traceback)):
        return None
    near = f" There is {told[2]}: if that is your answer, call it {told[1]}." if told[2] and not hidden else ""
    return told[1], near


def _explain(error: BaseException, hidden: bool, *, live: bool) -> str:
    """Why a check failed, in words for the student.

    Of a hidden check no value, input or message is told; where a submission is graded, no expected value.
    """
    if isinstance(error, CallFailed):
        return _explain_call(error, hidden, live=live)
    if isinstance(error, CheckFailed):
        detail = error.detail if live else error.got
        parts = (error.summary,) if hidden else (error.summary, detail, error.diagnosis)
        return "\n".join(part for part in parts if part)
    if isinstance(error, WorkerError):
        return f"Your notebook could not go on: {error}"
    if isinstance(error, (AssertionError, pytest.fail.Exception)):
        text = str(error).strip()
        if not live:  # the instructor's own words, without the values that pytest puts after them
            text = "" if text.startswith("assert ") else text.split("\nassert ")[0]
        return text if text and not hidden else "The result is not the expected one."
    return (
        "The result is of a form that this check cannot use: another type, or other parts, than the exercise asks for."
    )


def _is_stub(failure: Failure) -> bool:
    """Whether a NotImplementedError is that of a stub; TensorFlow and Keras raise it too, and say why."""
    return not failure.evalue or "raise NotImplementedError" in failure.traceback.rpartition("\n")[2]


def _explain_call(error: CallFailed, hidden: bool, *, live: bool) -> str:
    name, failure = error.name, error.failure
    if (
        failure.ename in ("TimeLimit", "ProcessEnded", "ProtocolError", "ResourceLimit", "ValueTooLarge")
        and failure.builtin
    ):
        return f"{name}: {failure.evalue}." if not hidden else f"{name} did not finish properly ({failure.ename})."
    if missing := _missing(error, hidden):
        name, near = missing
        if live:
            return f"{name} is not defined.{near} {_NOT_RUN} Does it fail, or give {name} another name?"
        return f"{name} is not defined in your notebook.{near} Did its cell fail, or was it renamed or deleted?"
    if failure.ename == "NotImplementedError" and _is_stub(failure):
        return f"{name} still raises NotImplementedError. Delete that line once your own code is in place."
    if hidden:  # what the student's code says could repeat the hidden inputs, even in a class's name
        known = failure.builtin and failure.ename in _KNOWN_ERRORS
        return f"{name} raises {failure.ename if known else 'an error'} for some inputs."
    parts = (f"{name} raised {failure.ename}: {failure.evalue}", failure.traceback, of_error(failure))
    return "\n".join(part for part in parts if part).rstrip()


def _detail(error: BaseException, hidden: bool) -> str:
    """What the instructor gets: expected values, or the traceback of an error that is not the student's code's."""
    if isinstance(error, AssertionError) and not hidden:
        return str(error)[:4000]
    if isinstance(error, (AssertionError, WorkerError, CallFailed)):
        return ""
    return _traceback(error)


def _traceback(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))[-4000:]
