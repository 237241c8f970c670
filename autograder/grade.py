"""One notebook → its Result; many notebooks → their Results.

A :class:`Grader` keeps what a class has in common: the warm process, and for each notebook of the course the
instructor's version running in a worker of its own, whose replies are asked for once.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from . import harden, interrupts, isolation, plugin, pool, sandbox
from . import notebook as nb
from .course import Course
from .errors import CourseError, Failure, SubmissionError, WorkerError, WorkerUnavailable
from .model import Check, Graded, Outcome, Problem, Result, Status
from .student import Cached, Noted


@dataclass(frozen=True)
class Submitted:
    """A notebook that is to be graded.

    Args:
        student: Who handed it in, or None.
        path: The file, or None where ``content`` is given.
        content: The notebook, already read, or what is wrong with it.
        whole: Run the cells that the instructor tagged to be skipped in grading, too.
    """

    student: str | None
    path: Path | None = None
    content: nb.Notebook | Problem | None = None
    whole: bool = False


class _Reference:
    """The instructor's version of one notebook, its checks, and a worker that answers for it."""

    def __init__(self, course: Course, assignment: str, name: str, start: sandbox.Starter, seed: int) -> None:
        self.source = course.read_source(assignment, name)
        self.folder = course.checks(assignment, name)
        self.limits = course.limits(assignment, name)
        self.probes = course.probes(assignment, name)
        self.seed = seed
        self.stubs = nb.stubs(self.source)
        self._start = start
        self._session: sandbox.Session | None = None
        self.checks: tuple[Check, ...] = ()
        self.broken: dict[str, str] = {}
        self.cached = Cached(self)
        start.prepare(course.data(assignment))  # before any notebook runs, the reference's own included
        self.asked = Noted(self.cached)  # as the reference; its own checks ask it in the place of a student, too

    def session(self, student: nb.Notebook, *, whole: bool = False) -> sandbox.Session:
        """A session for a notebook under this one's limits."""
        steps = nb.steps(student, self.source, whole=whole)
        return sandbox.Session(self._start, steps, self.limits, self.probes)

    def clean(self) -> sandbox.Session:
        """A session in which nothing of any notebook runs. It starts a worker when it is first asked."""
        return sandbox.Session(self._start, (), dataclasses.replace(self.limits, multi_worker=False))

    def ask(self, request: Any) -> Any:
        # A session has a budget; the reference serves a whole class, so it gets a new one when one is spent.
        for attempt in (1, 2):
            if self._session is None:
                self._session = self.session(self.source)
            try:
                reply = self._session.ask(request)
                if attempt == 1 and isinstance(reply, Failure) and reply.builtin and reply.ename == "ProcessEnded":
                    continue  # the instructor's code does not kill its process: somebody else did
                return reply
            except WorkerError as error:
                self.close()
                if attempt == 2:
                    raise WorkerUnavailable(f"the reference of {self.folder.name} cannot be run: {error}") from error
        raise AssertionError("not reached")

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None


class Grader:
    """Grades notebooks of a course. Use it as a context manager: it keeps processes.

    Args:
        course: The course.
        seed: Seed of the inputs that checks draw; the course's own secret one where None.
        start: How to start workers; the fastest way that this machine has where None.
        unsafe: Grade even where submissions are held less tightly than the course asks for.
    """

    def __init__(
        self, course: Course, seed: int | None = None, start: sandbox.Starter | None = None, *, unsafe: bool = False
    ) -> None:
        self.course = course
        self._unsafe = unsafe
        self._seed = seed
        self._start = start or sandbox.starter()
        self._references: dict[tuple[str, str], _Reference] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process that this grader keeps."""
        with interrupts.held():
            for reference in self._references.values():
                reference.close()
            self._references = {}
            self._start.close()

    def grade_file(self, path: Path, assignment: str, notebook: str, student: str | None = None) -> Graded:
        """Grade one file.

        Args:
            path: The submitted notebook; whatever is wrong with it ends up in the Result.
            assignment: Name of the assignment.
            notebook: Name of the notebook in it.
            student: Who handed it in.

        Raises:
            CourseError: The instructor's notebook or checks are wrong.
            UsageError: There is no such assignment or notebook.
        """
        return self._grade_one(Submitted(student, path), assignment, notebook)

    def grade(
        self,
        content: nb.Notebook | Problem,
        assignment: str,
        notebook: str,
        student: str | None = None,
        *,
        whole: bool = False,
    ) -> Graded:
        """Grade a notebook that has been read; otherwise as :meth:`grade_file`.

        Args:
            content: The notebook, or what is wrong with it.
            assignment: Name of the assignment.
            notebook: Name of the notebook in it.
            student: Who handed it in.
            whole: Run the cells that the instructor tagged to be skipped in grading, too.
        """
        return self._grade_one(Submitted(student, content=content, whole=whole), assignment, notebook)

    def _grade_one(self, submitted: Submitted, assignment: str, notebook: str) -> Graded:
        found: list[Graded] = []
        self.grade_all([submitted], assignment, notebook, lambda _, graded: found.append(graded))
        return found[0]

    def grade_all(
        self,
        submissions: Iterable[Submitted],
        assignment: str,
        notebook: str,
        report: Callable[[Submitted, Graded], None],
    ) -> None:
        """Grade one notebook of many students.

        Args:
            submissions: What they handed in; taken one at a time.
            assignment: Name of the assignment.
            notebook: Name of the notebook in it.
            report: Called with each submission and what came of it, in order.

        Raises:
            CourseError: The instructor's notebook or checks are wrong.
            IsolationRefused: The course asks for more isolation than there is here.
            UsageError: There is no such assignment or notebook.
        """
        reference = self._reference(assignment, notebook)
        exercises = reference.source.exercises
        blank = Result(assignment, notebook, None, reference.seed, self._start.machine.choice.level)

        def subjects() -> Iterator[plugin.Subject]:
            for submitted in submissions:
                result = dataclasses.replace(blank, student=submitted.student)
                content = _content(submitted)
                if isinstance(content, Problem):
                    report(submitted, _ungraded(result, content, reference.checks))
                    continue
                with reference.session(content, whole=submitted.whole) as session:
                    try:
                        _start_session(session)
                    except WorkerUnavailable as error:
                        report(submitted, _unavailable(result, error, reference.checks))
                        continue
                    untouched = nb.untouched(nb.all_definitions(content), reference.stubs)
                    key = (submitted, result, session)
                    with reference.clean() as clean:
                        yield plugin.Subject(
                            session, reference.cached, reference.seed, untouched, reference.broken, clean, key=key
                        )

        def finished(subject: plugin.Subject, outcomes: tuple[Outcome, ...] | WorkerUnavailable) -> None:
            submitted, result, session = subject.key
            if isinstance(outcomes, WorkerUnavailable):
                report(submitted, _unavailable(result, outcomes, reference.checks))
                return
            cells = tuple(_cell_errors(session))
            result = dataclasses.replace(result, isolation=session.isolation, outcomes=outcomes, cells=cells)
            report(submitted, Graded(result, session.runs))

        plugin.run(reference.folder, exercises, subjects(), finished)

    def grade_class(
        self,
        count: int,
        submission: Callable[[int], Submitted],
        assignment: str,
        notebook: str,
        jobs: int = 1,
    ) -> Generator[tuple[Submitted, Graded], None, None]:
        """Grade one notebook of many students in several processes.

        Args:
            count: How many students there are.
            submission: Gives what a student handed in, by number from 0; called in the process that grades it.
            assignment: Name of the assignment.
            notebook: Name of the notebook in it.
            jobs: How many processes.

        Yields:
            Each submission and what came of it, in order.

        Raises:
            CourseError: The instructor's notebook or checks are wrong.
            IsolationRefused: The course asks for more isolation than there is here.
            UsageError: There is no such assignment or notebook.
        """
        reference = self._reference(assignment, notebook)
        reference.close()  # its replies are kept; a process that needs another one starts a worker of its own
        grader = os.getpid()

        def work(numbers: Iterator[int], send: pool.Send) -> None:
            try:
                self.grade_all(
                    map(submission, numbers), assignment, notebook, lambda submitted, graded: send((submitted, graded))
                )
            finally:
                reference.close()
                if os.getpid() != grader:
                    self._start.close()  # where the warm process was killed, this one has started another

        yield from pool.spread(count, jobs, work)

    def checks(self, assignment: str, notebook: str) -> tuple[Check, ...]:
        """The checks of a notebook, visible and hidden."""
        return self._reference(assignment, notebook).checks

    def _keep_course_out(self) -> None:
        folder = harden.readable_around(str(self.course.root), sandbox.data_folders())
        if folder:
            raise CourseError(f"the course {self.course.root} lies in {folder}, which notebooks may read; move it")

    def _reference(self, assignment: str, notebook: str) -> _Reference:
        key = (assignment, notebook)
        if key not in self._references:
            self._keep_course_out()
            demand = self.course.isolation(assignment)
            seed = self.course.seed(assignment, notebook) if self._seed is None else self._seed
            reference = _Reference(self.course, assignment, notebook, self._start, seed)
            try:
                _prove(reference)  # the instructor's own code; mistakes in it are told first
                isolation.require(demand, self._start.machine, unsafe=self._unsafe)
            except BaseException:
                reference.close()
                raise
            self._references[key] = reference
        return self._references[key]


def record(
    course: Course, assignment: str, notebook: str, seed: int, start: sandbox.Starter, *, hidden: bool = False
) -> dict[str, Any]:
    """The reference's replies to everything that its checks ask with a seed.

    Args:
        course: The course.
        assignment: Name of the assignment.
        notebook: Name of the notebook in it.
        seed: Seed of the inputs.
        start: How to start workers.
        hidden: Whether to record the hidden checks too.

    Returns:
        Replies by the digest of their request.

    Raises:
        CourseError: The reference does not pass its own checks.
    """
    reference = _Reference(course, assignment, notebook, start, seed)
    try:
        _prove(reference, hidden=hidden)
        if reference.broken:
            broken = "; ".join(f"{name}: {why}" for name, why in reference.broken.items())
            raise CourseError(f"the solution of {assignment}/{notebook} does not pass its own checks: {broken}")
        return {key: reply for key, reply in reference.cached.replies.items() if key in reference.asked.digests}
    finally:
        reference.close()


def _prove(reference: _Reference, *, hidden: bool = True) -> None:
    """Put the reference through its own checks: what it does not pass is a broken check, not a wrong answer."""

    def finished(subject: plugin.Subject, outcomes: tuple[Outcome, ...] | WorkerUnavailable) -> None:
        if isinstance(outcomes, WorkerUnavailable):
            raise outcomes
        reference.checks = tuple(outcome.check for outcome in outcomes)
        for outcome in outcomes:
            if outcome.status is not Status.PASSED and not outcome.detail.startswith(plugin.NOT_HERE):
                reference.broken[outcome.check.id] = outcome.detail or outcome.message or str(outcome.status)

    itself = plugin.Subject(reference.cached, reference.asked, reference.seed)
    plugin.run(reference.folder, reference.source.exercises, [itself], finished, hidden=hidden)
    if reference.checks and len(reference.broken) == len(reference.checks):
        check, why = next(iter(reference.broken.items()))
        raise CourseError(f"{reference.folder}: the solution passes none of its checks; {check}: {why}")
    if hidden:
        _complete(reference.checks, reference.source.exercises, reference.folder)


def _complete(checks: Sequence[Check], exercises: Sequence[str], folder: Path) -> None:
    groups = {check.group for check in checks}
    for exercise in exercises:
        if exercise not in groups:
            raise CourseError(f"{folder}: the grade cell {exercise!r} has no check; name one test_{exercise}_<what>")


def _content(submitted: Submitted) -> nb.Notebook | Problem:
    if submitted.content is not None:
        return submitted.content
    assert submitted.path is not None
    try:
        return nb.read(submitted.path)
    except SubmissionError as error:
        return Problem(error.kind, str(error))


def _ungraded(result: Result, problem: Problem, checks: Sequence[Check]) -> Graded:
    outcomes = tuple(Outcome(check, Status.NOT_CHECKED, 0.0, problem.message) for check in checks)
    return Graded(dataclasses.replace(result, outcomes=outcomes, error=problem))


def _unavailable(result: Result, error: WorkerUnavailable, checks: Sequence[Check]) -> Graded:
    return _ungraded(result, Problem(error.kind, str(error)), checks)


def _start_session(session: sandbox.Session) -> None:
    """Run the cells. A notebook that uses up its budget here is still checked: each check then says so."""
    try:
        session.run()
    except WorkerError:
        session.close()


def _cell_errors(session: sandbox.Session) -> Iterator[dict[str, Any]]:
    for run in session.runs.values():
        if run.error is not None:
            yield {"cell": run.index, "id": session.cell_id(run.index), **run.error}
