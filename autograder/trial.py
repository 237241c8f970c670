"""Put known answers through the checks of a notebook, and keep what their processes replied.

One notebook can hold an answer to each of its exercises, so that answers are tried in waves of one for each
exercise; exercises that turn out to depend on one another are never answered together.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import operator
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np

from . import notebook as nb
from . import plugin, pool, sandbox, wire
from .course import Course
from .errors import Failure, NoRecordedReply, WorkerError, WorkerUnavailable
from .model import Check, Outcome, Status
from .student import Asker

# Ways in which an answer ends or stalls its process, and so disturbs others in the same notebook.
STOPS = frozenset(("TimeLimit", "ProcessEnded", "ResourceLimit", "ProtocolError"))
FIRST = -1  # position of the code that runs before the first cell
PATIENT = 3600.0  # seconds for the instructor's own notebook, which is asked about all day long


@dataclass(frozen=True)
class Bench:
    """One notebook of a course, with what its answers are tried with.

    Args:
        source: The instructor's notebook.
        folder: Folder of its checks.
        limits: What a notebook may use.
        probes: Source text of its own probes.
        start: How to start workers.
    """

    source: nb.Notebook
    folder: Path
    limits: sandbox.Limits
    probes: str
    start: sandbox.Starter

    @classmethod
    def of(cls, course: Course, assignment: str, notebook: str, start: sandbox.Starter) -> Bench:
        """The bench of a notebook.

        Raises:
            CourseError: The course's files are wrong.
        """
        return cls(
            course.read_source(assignment, notebook),
            course.checks(assignment, notebook),
            course.limits(assignment, notebook),
            course.probes(assignment, notebook),
            start,
        )

    def session(self, plan: Plan) -> sandbox.Session:
        """A worker for a notebook that is to be tried."""
        cells = [
            dataclasses.replace(cell, source=plan.cells.get(cell.index, cell.source)) for cell in self.source.cells
        ]
        steps = list(nb.steps(dataclasses.replace(self.source, cells=tuple(cells)), self.source))
        if plan.first:
            steps.insert(0, nb.Step(FIRST, "first", plan.first))
        return sandbox.Session(plan.start or self.start, steps, plan.limits or self.limits, self.probes)

    def reference(self) -> sandbox.Session:
        """A worker for the instructor's own notebook, with time for everything."""
        return self.session(Plan({}, (), limits=dataclasses.replace(self.limits, submission_seconds=PATIENT)))

    def clean(self) -> sandbox.Session:
        """A session in which nothing of any notebook runs. It starts a worker when it is first asked."""
        return sandbox.Session(self.start, (), dataclasses.replace(self.limits, submission_seconds=PATIENT))


Asked = tuple[tuple[str, Any], ...]  # digests of requests with their replies, in order


@dataclass(frozen=True)
class Trial:
    """What came of a notebook with one seed.

    Args:
        seed: Seed of the inputs.
        outcomes: One for each check, by its name.
        replies: What the notebook's process was asked and replied, for each check.
        unforeseen: Checks that asked the reference what they do not ask it beside the reference itself.
        stopped: Exercises whose checks met a process that could not go on at all.
        cells: Errors of cells, by position: name and message of the exception.
    """

    seed: int
    outcomes: Mapping[str, Outcome]
    replies: Mapping[str, Asked]
    unforeseen: frozenset[str] = frozenset()
    stopped: frozenset[str] = frozenset()
    cells: Mapping[int, str] = field(default_factory=dict)

    def ended(self, exercise: str, status: Status) -> frozenset[str]:
        """The checks of an exercise with this outcome."""
        found = ((name, o) for name, o in self.outcomes.items() if o.check.group == exercise)
        return frozenset(name for name, outcome in found if outcome.status is status)


@dataclass(frozen=True)
class Plan:
    """A notebook that is to be tried.

    Args:
        cells: Texts of the cells that differ from the instructor's, by position.
        seeds: Seeds of the inputs; the cells run once for all of them.
        exercises: The exercises on trial; the reference answers for the others. All of them where it is empty.
        untouched: Exercises that are as they were handed out.
        patient: Go on asking after an exercise has ended or stalled its process.
        brief: Run no further checks of an exercise, with one seed, once one of them has failed.
        limits: What the notebook may use; the assignment's own limits where None.
        first: Code that runs before the first cell.
        start: Another way to start its worker.
    """

    cells: Mapping[int, str]
    seeds: tuple[int, ...]
    exercises: frozenset[str] = frozenset()
    untouched: frozenset[str] = frozenset()
    patient: bool = True
    brief: bool = False
    limits: sandbox.Limits | None = None
    first: str = ""
    start: sandbox.Starter | None = None


@dataclass(frozen=True)
class Tried:
    """What came of a plan.

    Args:
        trials: One for each seed.
        learned: Replies of the reference that were not known before, by the digest of their request.
        seconds: Of running the cells, and of the slowest request.
    """

    trials: tuple[Trial, ...]
    learned: Mapping[str, Any]
    seconds: tuple[float, float]


class Kept:
    """Answers from replies in memory.

    Args:
        replies: By the digest of their request.
    """

    def __init__(self, replies: Mapping[str, Any]) -> None:
        self._replies = replies

    def ask(self, request: Mapping[str, Any]) -> Any:
        """See :class:`~autograder.student.Asker`.

        Raises:
            NoRecordedReply: There is none.
        """
        try:
            return self._replies[wire.digest(dict(request))]
        except KeyError:
            raise NoRecordedReply("the reference has not been asked this before") from None


class Replayed:
    """Answers each check with a list of replies, in order.

    Args:
        replies: For each check.
    """

    def __init__(self, replies: Mapping[str, Sequence[Any]]) -> None:
        self._replies = replies
        self._left: Iterator[Any] = iter(())

    def watch(self, check: Check) -> None:
        """Take note of the check that asks from now on."""
        self._left = iter(self._replies.get(check.id, ()))

    def ask(self, request: Mapping[str, Any]) -> Any:
        """See :class:`~autograder.student.Asker`.

        Raises:
            NoRecordedReply: There are no more.
        """
        for reply in self._left:
            return reply
        raise NoRecordedReply("there is no reply left")


class _Reference:
    """The reference of a trial: replies that are known, and a worker for the rest, which is noted."""

    def __init__(self, known: Asker, more: Asker | None) -> None:
        self._known, self._more = known, more
        self._check = ""
        self.learned: dict[str, Any] = {}
        self.unforeseen: set[str] = set()

    def watch(self, check: Check) -> None:
        self._check = check.id

    def ask(self, request: Mapping[str, Any]) -> Any:
        key = wire.digest(dict(request))
        if key in self.learned:
            return self.learned[key]
        try:
            return self._known.ask(request)
        except NoRecordedReply:
            self.unforeseen.add(self._check)
            if self._more is None:
                raise
            self.learned[key] = self._more.ask(request)
            return self.learned[key]


class _Watched:
    """The notebook of a trial; keeps, check by check, what it replied."""

    def __init__(self, asker: Asker, reference: _Reference, plan: Plan) -> None:
        self._asker, self._reference, self._plan = asker, reference, plan
        self._check: Check | None = None
        self._stalled: dict[str, Failure] = {}
        self.slowest = 0.0
        self.begin()

    def begin(self) -> None:
        """Begin with another seed."""
        self.replies: dict[str, list[tuple[str, Any]]] = {}
        self.stopped: set[str] = set()
        self._reference.unforeseen.clear()

    def watch(self, check: Check) -> None:
        self._check = check
        self._reference.watch(check)
        self.replies[check.id] = []

    def note(self, request: Mapping[str, Any], reply: Any) -> Any:
        """Keep a reply as one to the check that asks now; of a graph that is shipped only that there is one.

        Its bytes hold names that are new in each process. What it computes and what it is made of, the clean process
        replies, and that is kept.
        """
        assert self._check is not None
        kept = {**reply, "graph": None} if request["probe"] == "graph" and isinstance(reply, dict) else reply
        self.replies[self._check.id].append((wire.digest(dict(request)), kept))
        return reply

    def ask(self, request: Mapping[str, Any]) -> Any:
        assert self._check is not None
        group = self._check.group
        if self._plan.exercises and group not in self._plan.exercises:
            return self._reference.ask(request)
        if group in self._stalled and not self._plan.patient:
            return self._stalled[group]
        begun = time.monotonic()
        try:
            reply = self._asker.ask(request)
        except WorkerError:
            self.stopped.add(group)
            raise
        self.slowest = max(self.slowest, time.monotonic() - begun)
        if isinstance(reply, Failure) and reply.ename in STOPS and reply.builtin:
            self._stalled[group] = reply
        return self.note(request, reply)


class _Once:
    """What checks share of a notebook on trial: asked once for each seed, and kept for every check that looks at it."""

    def __init__(self, watched: _Watched) -> None:
        self._watched = watched
        self._replies: dict[str, Any] = {}

    def ask(self, request: Mapping[str, Any]) -> Any:
        key = wire.digest(dict(request))
        if key in self._replies:
            return self._watched.note(request, self._replies[key])
        self._replies[key] = self._watched.ask(request)
        return self._replies[key]


class _Clean:
    """The clean process beside a notebook on trial, whose replies are kept with the notebook's."""

    def __init__(self, asker: Asker, watched: _Watched) -> None:
        self._asker, self._watched = asker, watched

    def ask(self, request: Mapping[str, Any]) -> Any:
        reply = self._asker.ask(request)
        kept, asked = reply, dict(request)
        if request["probe"] in ("graph_facts", "graph_results"):
            asked["args"] = request["args"][1:]  # without the graph itself: see _Watched.note
        if request["probe"] == "graph_facts" and isinstance(reply, dict):
            kept = {**reply, "nodes": min(reply["nodes"], 1)}  # the same in more steps is no other answer
        self._watched.note(asked, kept)
        return reply


def run(
    bench: Bench,
    plans: Sequence[Plan],
    known: Asker | None = None,
    *,
    jobs: int = 1,
    hidden: bool = True,
    alone: bool = False,
    broken: Mapping[str, str] | None = None,
) -> Iterator[Tried]:
    """Try notebooks, in several processes.

    Args:
        bench: What they are tried with.
        plans: The notebooks.
        known: Answers for the reference, where it knows the reply.
        jobs: How many processes.
        hidden: Whether to run the hidden checks, too.
        alone: Let nobody answer what ``known`` does not know.
        broken: Checks that the reference does not pass, with the reason.

    Yields:
        What came of each, in the order of the plans.

    Raises:
        CourseError: The instructor's notebook or checks are wrong.
        WorkerUnavailable: No worker can be started here.
    """
    exercises = bench.source.exercises

    def work(numbers: Iterator[int], send: pool.Send) -> None:
        more = None if alone else bench.reference()
        found: list[Trial] = []

        def subjects() -> Iterator[plugin.Subject]:
            for number in numbers:
                plan = plans[number]
                reference = _Reference(known or Kept({}), more)
                begun = time.monotonic()
                with bench.session(plan) as session, bench.clean() as clean:
                    try:
                        session.run()
                    except WorkerError:
                        session.close()  # each check meets the same end
                    ran = time.monotonic() - begun
                    watched = _Watched(session, reference, plan)
                    for seed in plan.seeds:
                        watched.begin()
                        key = (watched, reference, session)
                        yield plugin.Subject(
                            watched,
                            reference,
                            seed,
                            plan.untouched,
                            broken or {},
                            clean=_Clean(clean, watched),
                            key=key,
                            watch=watched.watch,
                            kept=_Once(watched),
                            brief=plan.brief,
                        )
                send(Tried(tuple(found), reference.learned, (ran, watched.slowest)))
                found.clear()

        def finished(subject: plugin.Subject, outcomes: tuple[Outcome, ...] | WorkerUnavailable) -> None:
            if isinstance(outcomes, WorkerUnavailable):
                raise outcomes
            watched, reference, session = subject.key
            found.append(
                Trial(
                    subject.seed,
                    {outcome.check.id: outcome for outcome in outcomes},
                    {name: tuple(asked) for name, asked in watched.replies.items()},
                    frozenset(reference.unforeseen),
                    frozenset(watched.stopped),
                    {
                        index: f"{run.error['ename']}: {run.error['evalue']}"
                        for index, run in session.runs.items()
                        if run.error is not None
                    },
                )
            )

        try:
            plugin.run(bench.folder, exercises, subjects(), finished, hidden=hidden)
        finally:
            if more is not None:
                more.close()

    yield from pool.spread(len(plans), jobs, work)


# ---- waves -------------------------------------------------------------------------------------------


class Item(Protocol):
    """Something that can stand in a solution cell: a known answer, or a mutant."""

    @property
    def exercise(self) -> str:
        """Id of the exercise's grade cell."""

    @property
    def code(self) -> str:
        """Text of the solution cell."""


Any_Item = TypeVar("Any_Item", bound=Item)


def waves(items: Iterable[Any_Item], clashes: Collection[frozenset[str]] = ()) -> list[tuple[Any_Item, ...]]:
    """Groups of items that can be tried together: one of each exercise, and no two that depend on each other.

    Args:
        items: What is to be tried.
        clashes: Pairs of exercises one of which depends on the other.
    """
    queues: dict[str, list[Any_Item]] = {}
    for item in items:
        queues.setdefault(item.exercise, []).append(item)
    found = []
    while queues:
        wave: list[Any_Item] = []
        for exercise in sorted(queues, key=lambda name: -len(queues[name])):
            if all(frozenset((exercise, other.exercise)) not in clashes for other in wave):
                wave.append(queues[exercise].pop(0))
        queues = {exercise: queue for exercise, queue in queues.items() if queue}
        found.append(tuple(wave))
    return found


# ---- distances ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Distance:
    """How far some replies are from others.

    Args:
        absolute: Largest difference of two numbers; infinite where not only numbers differ.
        relative: The same, as a share of the largest number of its array.
        steps: The same, in steps of the array's dtype at its largest number.
    """

    absolute: float = 0.0
    relative: float = 0.0
    steps: float = 0.0

    def __or__(self, other: Distance) -> Distance:
        """The larger of two distances."""
        return Distance(
            max(self.absolute, other.absolute), max(self.relative, other.relative), max(self.steps, other.steps)
        )


NONE, FAR = Distance(), Distance(math.inf, math.inf, math.inf)


def distance(mine: Any, theirs: Any) -> Distance:
    """How far one reply is from another, or one list of requests with their replies from another.

    Args:
        mine: Data that crossed the wire.
        theirs: Likewise.
    """
    if isinstance(theirs, wire.Tensor):
        return _tensors(mine, theirs) if isinstance(mine, wire.Tensor) else FAR
    if isinstance(theirs, Failure):
        same = isinstance(mine, Failure) and (mine.ename, mine.evalue) == (theirs.ename, theirs.evalue)
        return NONE if same else FAR
    if type(mine) is not type(theirs):
        return FAR
    if isinstance(theirs, (tuple, list)):
        if len(mine) != len(theirs):
            return FAR
        return functools.reduce(operator.or_, map(distance, mine, theirs), NONE)
    if isinstance(theirs, dict):
        if list(mine) != list(theirs):
            return FAR
        return functools.reduce(operator.or_, (distance(mine[key], theirs[key]) for key in theirs), NONE)
    if isinstance(theirs, float):
        return _arrays(np.float64(mine), np.float64(theirs))
    return NONE if mine == theirs else FAR


def _tensors(mine: wire.Tensor, theirs: wire.Tensor) -> Distance:
    if (mine.kind, mine.dtype, mine.shape) != (theirs.kind, theirs.dtype, theirs.shape):
        return FAR
    if theirs.array.dtype.kind not in "fc":
        return NONE if np.array_equal(mine.array, theirs.array) else FAR
    return _arrays(mine.array, theirs.array)


def _arrays(mine: Any, theirs: Any) -> Distance:
    step = float(np.finfo(theirs.dtype).eps)
    wide = np.complex128 if np.asarray(theirs).dtype.kind == "c" else np.float64
    a, b = np.asarray(mine, wide), np.asarray(theirs, wide)
    with np.errstate(all="ignore"):
        odd = ~np.isfinite(b) | ~np.isfinite(a)
        if not np.array_equal(a[odd], b[odd], equal_nan=True):
            return FAR
        apart = float(np.abs(a - b)[~odd].max(initial=0.0))
        largest = float(np.abs(b)[~odd].max(initial=0.0))
    if apart == 0:
        return NONE
    relative = apart / largest if largest else math.inf
    return Distance(apart, relative, relative / step)


def shifted(mine: Any, theirs: Any, factor: float) -> Any:
    """A reply that is some times as far from another as it is: what the noise of a machine could make of it.

    Args:
        mine: Data that crossed the wire.
        theirs: The other reply.
        factor: How many times as far.
    """
    if not 0 < distance(mine, theirs).absolute < math.inf:
        return mine
    if isinstance(theirs, wire.Tensor) and theirs.array.dtype.kind in "fc":
        with np.errstate(all="ignore"):
            moved = theirs.array + factor * (mine.array - theirs.array)
        return dataclasses.replace(mine, array=moved.astype(theirs.array.dtype))
    if isinstance(theirs, float):
        return theirs + factor * (mine - theirs)
    if isinstance(theirs, (tuple, list)):
        return type(theirs)(shifted(a, b, factor) for a, b in zip(mine, theirs, strict=True))
    if isinstance(theirs, dict):
        return {key: shifted(mine[key], theirs[key], factor) for key in theirs}
    return mine
