"""``autograder validate``: prove that the checks of a notebook catch what they should, before it is released.

What is demanded: the reference gets full marks with many seeds, the untouched release nothing; every known wrong
answer fails exactly the checks that it says, every right one passes all; points, ids and cells agree; the visible
checks run with the recorded replies alone. Then mutants of the reference are tried, and how far the reference is
from itself under other settings is measured.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from . import answers, expect, mutants, plugin, release, sandbox, trial
from . import notebook as nb
from .answers import Answer
from .course import Course
from .errors import CourseError, UsageError
from .findings import Fate, Finding, Judged, Noise, Report, Severity
from .model import Check, Status, Visibility
from .mutants import Mutant
from .scratch import Folder
from .trial import Plan, Trial, Tried

SEEDS = 20  # with which the reference is tried
FEW_SEEDS = 5  # of them, with which answers and surviving mutants are tried; all of them where there are fewer
NOISE_SEEDS = 3
MUTANT_SEEDS = 2  # with each of which a mutant is to be caught: one could be luck
MUTANT_CELL_SECONDS = 5.0  # at least; a mutant gets five times what the reference takes at most
MUTANT_REQUEST_SECONDS = 2.0
PATIENCE = 5.0
ROUNDING_STEPS = 64.0  # of a dtype: two computations of one value may be this far apart
MAX_FLAKES = 0.01  # of the comparisons of a convergence gate
HEADROOM = 4.0  # a tolerance is to be this many times as wide as the noise

_THREADS = "__import__('tensorflow').config.threading.set_intra_op_parallelism_threads({})"
_OWN_MACHINE = {"TF_ENABLE_ONEDNN_OPTS": "1", "TENSORFLOW_USE_CUSTOM_CONTRACTION_KERNEL": "1"}
_ANOTHER = "another process"

Kind = TypeVar("Kind")
Track = Callable[[str, int, Iterable[Kind]], Iterable[Kind]]


def _untracked(label: str, count: int, items: Iterable[Kind]) -> Iterable[Kind]:
    return items


def validate(
    course: Course,
    assignment: str,
    notebook: str,
    start: sandbox.Starter,
    *,
    jobs: int = 1,
    seeds: int = SEEDS,
    with_mutants: bool = True,
    with_noise: bool = True,
    min_killed: float | None = None,
    only: Collection[str] = (),
    track: Track[Any] = _untracked,
) -> Report:
    """Validate one notebook.

    Args:
        course: The course.
        assignment: Name of the assignment.
        notebook: Name of the notebook in it.
        start: How to start workers.
        jobs: How many processes try answers at the same time.
        seeds: With how many seeds the reference is tried; at least two.
        with_mutants: Whether to try mutants.
        with_noise: Whether to measure how far the reference is from itself under other settings.
        min_killed: Demand that this share of the mutants be caught, from 0 to 1.
        only: Try answers and mutants of these exercises only; of all where it is empty.
        track: Wraps what takes time, to show how far it is: gets a label, a count, and the iterable.

    Returns:
        What was found. Mistakes in the course's files are findings, too.

    Raises:
        UsageError: There is no such notebook, or no such exercise in it.
        WorkerUnavailable: No worker can be started here.
    """
    begun = time.monotonic()
    run = _Validation(course, assignment, notebook, start, jobs, max(seeds, MUTANT_SEEDS), only, track)
    try:
        run.everything(with_mutants, with_noise, min_killed)
    except CourseError as error:
        run.demand("files", f"{assignment}/{notebook}", str(error), "Mend it; nothing after it was looked at.")
    return dataclasses.replace(run.report, seconds=time.monotonic() - begun)


class _Validation:
    """One validation on its way; each method looks at one demand and adds what it finds to the report."""

    def __init__(
        self,
        course: Course,
        assignment: str,
        notebook: str,
        start: sandbox.Starter,
        jobs: int,
        seeds: int,
        only: Collection[str],
        track: Track[Any],
    ) -> None:
        self._course, self._assignment, self._notebook = course, assignment, notebook
        self._start, self._jobs, self._track = start, jobs, track
        self._seeds = tuple(range(1, seeds + 1))
        self._only = only
        self._bench: trial.Bench
        self._checks: dict[str, Check] = {}
        self._own: dict[int, Trial] = {}  # the reference's own replies to its checks, by seed
        self._known: dict[str, Any] = {}  # the same by request, of another process
        self._broken: dict[str, str] = {}
        self._cost = (0.0, 0.0)  # seconds of the reference's cells, and of its slowest request
        self._dependents: dict[str, frozenset[str]] = {}  # exercises whose checks need another exercise's answer
        self._tried: dict[Answer | Mutant, tuple[Trial, ...]] = {}
        self._noise: dict[str, Noise] = {}
        self.report = Report(assignment, notebook, seeds)

    def everything(self, with_mutants: bool, with_noise: bool, min_killed: float | None) -> None:
        """Look at every demand, in the order in which one rests on another."""
        self._start.warm_up()
        wrong, right = self._files()
        self._start.machine  # noqa: B018  (the warm process starts here, not once in each process that tries answers)
        self._reference()
        if len(self._broken) == len(self._checks):
            return
        self._untouched()
        self._wrong(wrong)
        self._right(right)
        self._recorded()
        if with_noise:
            self._tolerances(wrong)
            self._flakes()
        if with_mutants:
            self._mutants(right, min_killed)

    # -- the report

    def _look_at(self, demand: str, **changes: Any) -> None:
        self.report = dataclasses.replace(self.report, tried=(*self.report.tried, demand), **changes)

    def _find(self, severity: Severity, demand: str, where: str, what: str, todo: str) -> None:
        finding = Finding(severity, demand, where, what, todo)
        tried = self.report.tried if demand in self.report.tried else (*self.report.tried, demand)
        self.report = dataclasses.replace(self.report, tried=tried, findings=(*self.report.findings, finding))

    def demand(self, demand: str, where: str, what: str, todo: str) -> None:
        """Add a finding that has to be mended."""
        self._find(Severity.DEMAND, demand, where, what, todo)

    def warn(self, demand: str, where: str, what: str, todo: str) -> None:
        """Add a finding that a person should look at."""
        self._find(Severity.WARNING, demand, where, what, todo)

    # -- points, ids and cells

    def _files(self) -> tuple[tuple[Answer, ...], tuple[Answer, ...]]:
        """Look at the files alone, and read the known answers."""
        self._bench = trial.Bench.of(self._course, self._assignment, self._notebook, self._start)
        source, folder = self._bench.source, self._bench.folder
        if unknown := sorted(set(self._only) - set(source.exercises)):
            known = ", ".join(source.exercises) or "none"
            raise UsageError(f"{self._notebook} has no exercise {', '.join(map(repr, unknown))} (there are: {known})")
        checks = release.checks(self._course, self._assignment, self._notebook)
        self._checks = {check.id: check for check in checks}
        self._look_at("files", exercises=source.exercises, checks=len(checks), points=sum(c.points for c in checks))
        self._cells(source)
        found = []
        for kind in (answers.WRONG, answers.RIGHT):
            known_answers = answers.read_all(folder, kind)
            kept = tuple(answer for answer in known_answers if self._fits(answer, folder))
            for exercise in source.exercises:
                if not any(answer.exercise == exercise for answer in known_answers):
                    place = f"{kind}/{exercise}/"
                    self.warn("files", exercise, f"there is no known {kind} answer", f"Write one into {place}.")
            found.append(tuple(answer for answer in kept if not self._only or answer.exercise in self._only))
        return found[0], found[1]

    def _cells(self, source: nb.Notebook) -> None:
        ids = [cell.grade_id for cell in source.cells if cell.grade_id]
        for twice in sorted({name for name in ids if ids.count(name) > 1}):
            self.demand("files", twice, "two cells have this id", "Give each cell an id of its own.")
        cells, names = nb.solution_cells(source), nb.stubs(source)
        worth = release.points(self._course, self._assignment, self._notebook)
        for exercise in source.exercises:
            if not cells[exercise]:
                self.demand("files", exercise, "no solution cell stands before its grade cell", "Add one.")
            elif not names[exercise]:
                what = "its solution defines no name, so that an untouched stub cannot be told from an answer"
                self.demand("files", exercise, what, "Define a function or a value in it.")
            if worth[exercise] <= 0 and any(worth.values()):  # a notebook without a single point is optional
                self.demand("files", exercise, "it is worth no points", "Give points to one of its checks.")
        for cell in source.code:
            if cell.is_exercise:
                if not re.search(rf"\bcheck\(\s*(['\"]){re.escape(cell.grade_id)}\1", cell.source):
                    todo = f'Let the grade cell say check("{cell.grade_id}").'
                    self.demand("files", cell.grade_id, "its grade cell does not check it", todo)
                stated = _points(source, cell)
                if stated and stated != worth[cell.grade_id]:
                    what = (
                        f"its grade cell says {stated:g} points, its checks {worth[cell.grade_id]:g}; the checks count"
                    )
                    self.warn("files", cell.grade_id, what, "Leave the points of the cell at 0.")
            elif cell.solution and not cell.grade:
                if not any(cell in own for own in cells.values()):
                    what = "the solution cell stands after the last grade cell, so that nothing checks it"
                    self.warn("files", cell.grade_id, what, "Add a grade cell after it.")
                if nb.stub(cell.source).count("YOUR CODE HERE") and "BEGIN SOLUTION" not in cell.source:
                    what = "the solution cell has no ### BEGIN SOLUTION, so that students get nothing of it"
                    self.warn("files", cell.grade_id, what, "Mark the part that students are to write.")

    def _fits(self, answer: Answer, folder: Path) -> bool:
        """Whether a known answer belongs to the notebook; what is wrong with it is found otherwise."""
        where = str(answer.path.relative_to(folder))
        try:
            answers.place(self._bench.source, answer)
        except CourseError:
            todo = "Name its folder after a grade cell."
            self.demand("files", where, f"there is no exercise {answer.exercise!r} with a solution cell", todo)
            return False
        for name in answer.fails:
            if name not in self._checks or self._checks[name].group != answer.exercise:
                what = f"it says that it fails {name}, which is no check of {answer.exercise}"
                self.demand("files", where, what, "Correct the names after 'Fails:'.")
                return False
        return True

    # -- the reference

    def _reference(self) -> None:
        """Demand full marks for the reference with every seed, in two processes that know nothing of each other."""
        self._look_at("reference")
        limits = dataclasses.replace(self._bench.limits, submission_seconds=trial.PATIENT)
        parts = [self._seeds[first : first + FEW_SEEDS] for first in range(0, len(self._seeds), FEW_SEEDS)]
        plans = [Plan({}, part, limits=limits) for part in parts]
        failed: dict[str, list[tuple[int, str]]] = {}
        blocked: dict[str, list[tuple[int, str]]] = {}
        cells: dict[int, str] = {}
        for tried in self._run("the reference", plans):
            self._known |= tried.learned
            self._cost = (max(self._cost[0], tried.seconds[0]), max(self._cost[1], tried.seconds[1]))
            for each in tried.trials:
                self._own[each.seed] = each
                cells |= each.cells
                for name, outcome in each.outcomes.items():
                    done = Status.PASSED, Status.FAULT
                    ground = [need for need in outcome.check.needs if each.outcomes[need].status not in done]
                    if ground:
                        blocked.setdefault(name, []).append((each.seed, ground[0]))
                    elif outcome.status is not Status.PASSED:
                        why = outcome.detail or outcome.message or str(outcome.status)
                        failed.setdefault(name, []).append((each.seed, why.strip()))
        for index, error in sorted(cells.items()):
            self.demand("reference", f"cell {index + 1}", f"it raises {error}", "Mend the notebook.")
        for name, found in failed.items():
            self._broken[name] = found[0][1]
            with_seeds = _seeds([seed for seed, _ in found], len(self._seeds))
            what = f"the reference does not pass it {with_seeds}: {_last_line(found[0][1])}"
            todo = "Mend the check or the solution; seed what is random. (Nothing else is told of this check below.)"
            if found[0][1].startswith(plugin.NOT_HERE):  # two workers, say, which only L3 gives
                self.warn("reference", name, what, "Validate on a machine that can check it.")
            else:
                self.demand("reference", name, what, todo)
        for name, skipped in blocked.items():
            if name not in failed:
                need = skipped[0][1]
                self._broken[name] = f"It needs {need}, which the reference does not pass."
                with_seeds = _seeds([seed for seed, _ in skipped], len(self._seeds))
                what = f"it could not be tried {with_seeds}: it needs {need}, which the reference does not pass"
                self.demand("reference", name, what, f"Mend {need} first. (Nothing else is told of this check below.)")
        for name in self._checks:
            apart = trial.NONE
            for each in self._own.values():
                for key, reply in each.replies.get(name, ()):
                    apart |= trial.distance(reply, self._known.get(key, reply))
            self._note(name, _ANOTHER, apart)

    def _note(self, check: str, setting: str, apart: trial.Distance) -> None:
        """Keep the largest distance of the reference from itself, for each check."""
        if apart.absolute == 0 or check in self._broken:
            return
        known = self._noise.get(check, Noise(check, setting, 0.0, 0.0))
        if math.isinf(apart.absolute) and not math.isinf(known.absolute):
            what = f"with {setting} the reference replies something else, and not only other numbers"
            self.warn("reference", check, what, "Look what its replies depend on.")
        if (apart.relative, apart.absolute) > (known.relative, known.absolute):
            self._noise[check] = Noise(check, setting, apart.absolute, apart.relative)
        self.report = dataclasses.replace(self.report, noise=tuple(self._noise.values()))

    def _run(self, label: str, plans: Sequence[Plan], **options: Any) -> Iterable[Tried]:
        known = trial.Kept(self._known)
        found = trial.run(self._bench, plans, known, jobs=self._jobs, broken=self._broken, **options)
        return self._track(label, len(plans), found)

    # -- the untouched release

    def _untouched(self) -> None:
        """Demand nothing for the untouched release; then learn from stubs which exercise rests on which."""
        self._look_at("untouched")
        every = {index: text for cells in self._stubs().values() for index, text in cells.items()}
        [whole] = self._run(
            "the untouched release",
            [Plan(every, self._seeds[:1], untouched=frozenset(self._stubs()), patient=False)],
        )
        for name, outcome in whole.trials[0].outcomes.items():
            if outcome.score > 0 and outcome.status is not Status.FAULT:
                what = f"the untouched release passes it and gets {outcome.score:g} points"
                self.demand("untouched", name, what, "Let it ask for something that the stub does not give.")
        self._dependents = self._resting()

    def _stubs(self) -> dict[str, dict[int, str]]:
        """The solution cells of each exercise as they are handed out, by position."""
        return {
            exercise: {cell.index: nb.stub(cell.source) for cell in cells}
            for exercise, cells in nb.solution_cells(self._bench.source).items()
        }

    def _resting(self) -> dict[str, frozenset[str]]:
        """The exercises whose checks do not pass beside the stub of another one, by that other one.

        Half of the exercises are stubs and the checks of the rest are tried, in so many ways that each exercise was
        once a stub where each other one was tried. Pairs that were upset whenever they met are then tried alone.
        """
        names = list(self._stubs())
        wanted = [name for name in names if not self._only or name in self._only]
        halves = [
            [name for place, name in enumerate(names) if (place >> bit & 1) == side]
            for bit in range((len(names) - 1).bit_length())
            for side in (0, 1)
        ]
        met: dict[tuple[str, str], bool] = {}
        for stubs, upset in zip(halves, self._beside("stubs", halves), strict=True):
            for one, other in itertools.product(stubs, set(names) - set(stubs)):
                met[one, other] = met.get((one, other), True) and other in upset
        suspects = [[one] for one in wanted if any(met[pair] for pair in met if pair[0] == one)]
        found = self._beside("single stubs", suspects) if suspects else ()
        return dict.fromkeys(wanted, frozenset[str]()) | {
            one: upset for [one], upset in zip(suspects, found, strict=True)
        }

    def _beside(self, label: str, stubs: Sequence[Sequence[str]]) -> list[frozenset[str]]:
        """The exercises whose checks do not pass beside some stubs, for each choice of stubs."""
        cells = self._stubs()
        plans = [
            Plan(
                {index: text for name in chosen for index, text in cells[name].items()},
                self._seeds[:1],
                exercises=frozenset(cells) - frozenset(chosen),
                patient=False,
                brief=True,
            )
            for chosen in stubs
        ]
        return [
            frozenset(
                outcome.check.group
                for outcome in tried.trials[0].outcomes.values()
                if outcome.status not in (Status.PASSED, Status.FAULT)
            )
            - frozenset(chosen)
            for chosen, tried in zip(stubs, self._run(label, plans), strict=True)
        ]

    @property
    def _clashes(self) -> frozenset[frozenset[str]]:
        return frozenset(
            frozenset((exercise, other)) for exercise, others in self._dependents.items() for other in others
        )

    # -- known answers

    def _wrong(self, known: Sequence[Answer]) -> None:
        """Demand that every wrong answer fails exactly the checks that it says."""
        self._look_at("wrong", wrong=len(known))

        def odd(answer: Answer, trials: Sequence[Trial]) -> bool:
            return any(self._failed(answer, each) != self._stated(answer) for each in trials)

        self._try("wrong answers", known, self._seeds[:FEW_SEEDS], odd)
        for answer in known:
            trials = self._tried[answer]
            for name in sorted(self._stated(answer)):
                passed = [each.seed for each in trials if name not in self._failed(answer, each)]
                if passed:
                    what = f"it does not fail {name} {_seeds(passed, len(trials))}"
                    self.demand("wrong", f"wrong/{answer.name}", what, "Sharpen the check, or correct 'Fails:'.")
            for name in sorted(set().union(*(self._failed(answer, each) for each in trials)) - self._stated(answer)):
                failed = [each.seed for each in trials if name in self._failed(answer, each)]
                what = f"it also fails {name} {_seeds(failed, len(trials))}"
                self.demand("wrong", f"wrong/{answer.name}", what, "Name it after 'Fails:', or mend the check.")
        self._unforeseen(known)

    def _right(self, known: Sequence[Answer]) -> None:
        """Demand that every right answer passes every check."""
        self._look_at("right", right=len(known))

        def odd(answer: Answer, trials: Sequence[Trial]) -> bool:
            return any(self._not_passed(answer, each) for each in trials)

        self._try("right answers", known, self._seeds[:FEW_SEEDS], odd)
        for answer in known:
            trials = self._tried[answer]
            for name in sorted(set().union(*(self._not_passed(answer, each) for each in trials))):
                failed = [each for each in trials if name in self._not_passed(answer, each)]
                outcome = failed[0].outcomes[name]
                why = _last_line(outcome.detail or outcome.message)
                what = f"it does not pass {name} {_seeds([each.seed for each in failed], len(trials))}: {why}"
                self.demand("right", f"right/{answer.name}", what, "Widen the check, or move the answer to wrong/.")
        self._unforeseen(known)

    def _stated(self, answer: Answer) -> frozenset[str]:
        return frozenset(answer.fails) - frozenset(self._broken)

    def _failed(self, item: Answer | Mutant, each: Trial) -> frozenset[str]:
        return each.ended(item.exercise, Status.FAILED)

    def _not_passed(self, answer: Answer, each: Trial) -> frozenset[str]:
        return frozenset(
            name
            for name, outcome in each.outcomes.items()
            if outcome.check.group == answer.exercise and outcome.status not in (Status.PASSED, Status.FAULT)
        )

    def _try(
        self,
        label: str,
        items: Sequence[Answer | Mutant],
        seeds: Sequence[int],
        odd: Callable[[Any, Sequence[Trial]], bool],
        *,
        patient: bool = True,
        brief: bool = False,
        limits: sandbox.Limits | None = None,
        widely: bool = False,
    ) -> None:
        """Try answers or mutants in waves; and alone, where something odd may be the doing of another in the wave.

        Args:
            label: What they are, in words.
            items: They.
            seeds: Seeds of the inputs.
            odd: Whether one is to be tried again alone.
            patient: Go on asking after one has ended or stalled its process.
            brief: Ask no more, with one seed, once a check has failed.
            limits: What a notebook may use with one seed; the assignment's own limits where None.
            widely: Ask an answer's notebook also about the exercises that rest on it.
        """
        limits = limits or self._bench.limits
        limits = dataclasses.replace(limits, submission_seconds=limits.submission_seconds * len(seeds))

        def plan(wave: Sequence[Answer | Mutant]) -> Plan:
            cells = {self._place(item): item.code for item in wave}
            asked = {item.exercise for item in wave}
            if widely:
                asked |= {other for item in wave for other in self._dependents.get(item.exercise, ())}
            return Plan(cells, tuple(seeds), frozenset(asked), patient=patient, brief=brief, limits=limits)

        waves = trial.waves(items, self._clashes)
        for wave, tried in zip(waves, self._run(label, [plan(wave) for wave in waves]), strict=True):
            for item in wave:
                self._tried[item] = tried.trials
        again = [
            item
            for wave in waves
            for item in wave
            if len(wave) > 1
            and (odd(item, self._tried[item]) or any(item.exercise in each.stopped for each in self._tried[item]))
        ]
        plans = [plan([item]) for item in again]
        for item, tried in zip(again, self._run(f"{label}, alone", plans) if plans else (), strict=True):
            self._tried[item] = tried.trials

    def _place(self, item: Answer | Mutant) -> int:
        return item.cell if isinstance(item, Mutant) else answers.place(self._bench.source, item)

    # -- the release

    def _recorded(self) -> None:
        """Demand that the visible checks run as students have them: beside recorded replies, without a reference."""
        folder = self._bench.folder
        if not (folder / plugin.VISIBLE).is_file():
            self.warn("recorded", plugin.VISIBLE, "there are no visible checks", "Give students some to work with.")
            return
        self._look_at("recorded")
        visible = {name for name, check in self._checks.items() if check.visibility is Visibility.VISIBLE}
        if visible & set(self._broken):
            self.demand(
                "recorded",
                plugin.VISIBLE,
                "the reference does not pass it, so that no release can be made",
                "See above.",
            )
            return
        files = release.files(self._course, self._assignment, self._notebook, self._start)
        self._fresh(files)
        with Folder("release") as scratch:
            for name, data in files.items():
                path = Path(scratch, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            made = release.Release.read(Path(scratch, release.FOLDER, self._notebook))
            bench = dataclasses.replace(self._bench, folder=made.folder)
            plans = [Plan({}, (made.seed,), patient=False)]
            found = trial.run(bench, plans, made.recorded, jobs=self._jobs, hidden=False, alone=True)
            [tried] = self._track("recorded replies", len(plans), found)
        for name, outcome in tried.trials[0].outcomes.items():
            if outcome.status is not Status.PASSED:
                what = f"the reference does not pass it beside the recorded replies: {_last_line(outcome.message)}"
                self.demand("recorded", name, what, "Ask student and reference the same, with drawn inputs.")

    def _unforeseen(self, known: Sequence[Answer]) -> None:
        """Find checks that ask the reference what depends on the student: of that no reply can be recorded."""
        told = {finding.where for finding in self.report.findings if finding.demand == "recorded"} | set(self._broken)
        for answer in known:
            unforeseen = set().union(*(each.unforeseen for each in self._tried[answer]))
            for name in sorted(n for n in unforeseen - told if self._checks[n].group == answer.exercise):
                told.add(name)
                what = f"what it asks the reference depends on the student's replies (seen with {answer.name})"
                tell = self.warn if self._checks[name].visibility is Visibility.HIDDEN else self.demand
                tell("recorded", name, what, "Draw the inputs first, and ask both sides the same.")

    def _fresh(self, files: Mapping[str, bytes]) -> None:
        """Warn of a release that was made before the checks or the notebook changed."""
        folder = self._course.root / "release" / self._assignment
        if not folder.is_dir():
            return
        path = folder / f"{self._notebook}.ipynb"
        stale = [] if path.is_file() and self._is_of_source(nb.read_source(path)) else [path.name]
        for name, data in files.items():
            path = folder / name
            if not path.is_file() or _comparable(path.read_bytes()) != _comparable(data):
                stale.append(name)
        for name in stale:
            todo = f"Run nbgrader generate_assignment {self._assignment} --force."
            self.warn("files", f"release/{self._assignment}/{name}", "it is not what the source gives now", todo)

    def _is_of_source(self, made: nb.Notebook) -> bool:
        """Whether a released notebook has the source's code, as students get it, and the points of the checks."""
        texts = {cell.id: nb.normalized(cell.source) for cell in made.code}
        for cell in self._bench.source.code:
            wanted = nb.stub(cell.source) if cell.solution else cell.source
            if texts.get(cell.id) != nb.normalized(wanted):
                return False
        worth = release.points(self._course, self._assignment, self._notebook)
        stated = {cell.grade_id: _points(made, cell) for cell in made.code if cell.is_exercise}
        return stated == worth

    # -- noise

    def _tolerances(self, wrong: Sequence[Answer]) -> None:
        """Measure how far the reference is from itself under other settings, and hold tolerances against that."""
        self._look_at("tolerance")
        own = sandbox.starter(self._start.machine.choice.level, _OWN_MACHINE)
        settings: dict[str, dict[str, Any]] = {
            "2 threads": {"first": _THREADS.format(2)},
            "4 threads": {"first": _THREADS.format(4)},
            "oneDNN": {"start": own},
            "oneDNN and 4 threads": {"start": own, "first": _THREADS.format(4)},
        }
        self.report = dataclasses.replace(self.report, settings=tuple(settings))
        limits = dataclasses.replace(self._bench.limits, submission_seconds=trial.PATIENT)
        plans = [Plan({}, self._seeds[:NOISE_SEEDS], limits=limits, **each) for each in settings.values()]
        try:
            own.machine  # noqa: B018  (starts it here, and not in each process)
            found = list(self._run("noise", plans))
        finally:
            own.close()
        trials = [(setting, each) for setting, tried in zip(settings, found, strict=True) for each in tried.trials]
        for setting, each in trials:
            if trial.FIRST in each.cells:
                self.warn("tolerance", setting, f"it could not be set: {each.cells[trial.FIRST]}", "Nothing.")
            for name, asked in each.replies.items():
                if name not in self._broken:
                    self._note(name, setting, trial.distance(asked, self._own[each.seed].replies[name]))
        narrow = {name: setting for setting, each in trials for name in self._fails(each)}
        for name, setting in narrow.items():
            what = f"the reference does not pass it with {setting}: its tolerance is below the noise"
            self.warn("tolerance", name, what, "Widen the tolerance.")
        for name in sorted(self._tight([each for _, each in trials]) - set(narrow)):
            what = f"its tolerance is less than {HEADROOM:g} times the noise"
            self.warn("tolerance", name, what, "Widen the tolerance, or draw inputs that lose less precision.")
        for answer in wrong:
            for name in sorted(self._stated(answer)):
                apart = self._apart(self._tried[answer], name)
                if name in self._noise and 0 < apart.relative <= self._noise[name].relative < math.inf:
                    what = f"in {name} it differs from the reference by no more than the noise ({apart.relative:.1e})"
                    todo = "Draw inputs that tell them apart by more."
                    self.warn("tolerance", f"wrong/{answer.name}", what, todo)

    def _flakes(self) -> None:
        """Measure how often chance alone makes the reference fail a convergence gate."""
        bench = self._bench
        files = [bench.folder / name for name in (plugin.VISIBLE, plugin.HIDDEN)]
        if not any("assert_converges" in path.read_text(encoding="utf-8") for path in files if path.is_file()):
            return
        limits = dataclasses.replace(bench.limits, submission_seconds=trial.PATIENT)
        with (
            bench.session(Plan({}, (), limits=limits)) as session,
            sandbox.Session(self._start, (), limits) as clean,
            expect.measuring_flakes() as found,
        ):
            subject = plugin.Subject(session, session, self._seeds[0], broken=self._broken, clean=clean)
            plugin.run(bench.folder, bench.source.exercises, [subject], lambda *_: None)
        self.report = dataclasses.replace(self.report, flakes=tuple(found))
        for flake in found:
            if flake.rate > MAX_FLAKES:
                what = f"chance alone makes the reference fail its convergence gate in {flake}"
                self.warn("tolerance", flake.check, what, "Give the training more steps, or the gate more slack.")

    def _fails(self, each: Trial) -> set[str]:
        return {name for name, o in each.outcomes.items() if o.status is Status.FAILED and name not in self._broken}

    def _tight(self, noisy: Sequence[Trial]) -> set[str]:
        """The checks that the reference fails when its noise is a few times as large."""
        found: set[str] = set()

        def subjects() -> Iterator[plugin.Subject]:
            for each in noisy:
                own = self._own[each.seed]
                moved = {
                    name: [
                        trial.shifted(reply, theirs, HEADROOM)
                        for (_, reply), (_, theirs) in zip(asked, own.replies[name], strict=False)
                    ]
                    for name, asked in each.replies.items()
                    if name not in self._broken
                }
                replayed = trial.Replayed(moved)
                known = trial.Kept(self._known)
                yield plugin.Subject(
                    replayed,
                    known,
                    each.seed,
                    broken=self._broken,
                    clean=replayed,
                    watch=replayed.watch,
                    kept=replayed,
                )

        def finished(subject: plugin.Subject, outcomes: Any) -> None:
            failed = {outcome.check.id for outcome in outcomes if outcome.status is Status.FAILED}
            found.update(failed & set(self._noise))

        if any(math.isfinite(noise.relative) for noise in self._noise.values()):
            plugin.run(self._bench.folder, self._bench.source.exercises, subjects(), finished)
        return found

    def _apart(self, trials: Iterable[Trial], check: str) -> trial.Distance:
        """How far replies to a check are from the reference's own, over some seeds."""
        apart = trial.NONE
        for each in trials:
            apart |= trial.distance(each.replies.get(check, ()), self._own[each.seed].replies[check])
        return apart

    # -- mutants

    def _mutants(self, right: Sequence[Answer], min_killed: float | None) -> None:
        """Try mutants; set those apart that no check could tell from the reference or from a right answer."""
        made: list[Mutant] = []
        sound = {check.group for name, check in self._checks.items() if name not in self._broken}
        for exercise in self._bench.source.exercises:
            if exercise in sound and (not self._only or exercise in self._only):
                try:
                    made += mutants.of_exercise(self._bench.source, exercise)
                except SyntaxError as error:
                    self.warn("mutants", exercise, f"no mutants: {error}", "Keep IPython's own commands out of it.")
        given, (ran, slowest) = self._bench.limits, self._cost
        limits = dataclasses.replace(
            given,
            cell_seconds=min(given.cell_seconds, max(MUTANT_CELL_SECONDS, PATIENCE * ran)),
            request_seconds=min(given.request_seconds, max(MUTANT_REQUEST_SECONDS, PATIENCE * slowest)),
        )
        few, more = self._seeds[:MUTANT_SEEDS], self._seeds[:FEW_SEEDS]
        self._try("mutants", made, few, lambda *_: False, patient=False, brief=True, limits=limits)
        caught = {mutant: self._caught(mutant, (mutant.exercise,)) for mutant in made}
        left = [mutant for mutant in made if not caught[mutant]]
        self._try("surviving mutants", left, more, lambda *_: False, patient=False, limits=limits, widely=True)
        judged = [
            Judged(mutant, Fate.KILLED, tuple(sorted(by))) if by else self._judge(mutant, right)
            for mutant, by in caught.items()
        ]
        self.report = dataclasses.replace(self.report, mutants=tuple(judged), min_killed=min_killed)
        if min_killed is not None:
            self._look_at("mutants")
            if self.report.killed_share < min_killed:
                what = f"only {self.report.killed_share:.1%} of the mutants are caught"
                todo = "Look at those that survived, below. One that is right after all belongs into right/."
                self.demand("mutants", self._notebook, what, todo)

    def _caught(self, mutant: Mutant, groups: Collection[str]) -> frozenset[str]:
        """The checks that a mutant fails, if it fails some with each seed."""
        by = [
            frozenset(
                name
                for name, outcome in each.outcomes.items()
                if outcome.status is Status.FAILED and outcome.check.group in groups
            )
            for each in self._tried[mutant]
        ]
        return frozenset().union(*by) if all(by) else frozenset()

    def _judge(self, mutant: Mutant, right: Sequence[Answer]) -> Judged:
        """What becomes of a mutant that the checks of its exercise did not catch."""
        trials = self._tried[mutant]
        groups = {mutant.exercise} | self._dependents.get(mutant.exercise, frozenset())
        if by := self._caught(mutant, groups):  # by the checks of an exercise that rests on this one
            return Judged(mutant, Fate.KILLED, tuple(sorted(by)))
        asked = [name for name, check in self._checks.items() if check.group in groups and name not in self._broken]
        noticed = [name for name in asked if not self._same(trials, self._own.values(), name)]
        if not noticed:
            return Judged(mutant, Fate.EQUIVALENT, like="the reference")
        for answer in right:
            if answer.exercise == mutant.exercise and all(
                self._same(trials, self._tried[answer], name) for name in noticed
            ):
                return Judged(mutant, Fate.EQUIVALENT, like=f"right/{answer.name}")
        lucky = sum(any(each.outcomes[name].status is Status.FAILED for name in asked) for each in trials)
        return Judged(mutant, Fate.SURVIVED, (), tuple(noticed), luck=(lucky, len(trials)))

    def _same(self, mine: Iterable[Trial], theirs: Iterable[Trial], check: str) -> bool:
        """Whether two notebooks reply the same to a check, but for rounding and noise."""
        others = {each.seed: each.replies.get(check, ()) for each in theirs}
        noise = self._noise[check].relative if check in self._noise else 0.0
        for each in mine:
            apart = trial.distance(each.replies.get(check, ()), others[each.seed])
            if apart.steps > ROUNDING_STEPS and not apart.relative <= noise < math.inf:
                return False
        return True


def _points(notebook: nb.Notebook, cell: nb.Cell) -> float:
    """The points that a grade cell says itself."""
    return float(notebook.node["cells"][cell.index]["metadata"]["nbgrader"].get("points", 0))


def _seeds(some: Sequence[int], count: int) -> str:
    """With which seeds something was seen, in words."""
    if len(some) == count:
        return "with any seed" if count > 1 else f"with seed {some[0]}"
    shown = ", ".join(map(str, some[:5]))
    return f"with {len(some)} of {count} seeds ({shown}{', …' if len(some) > 5 else ''})"


def _last_line(text: str) -> str:
    """The line of a message or of a traceback that says most."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    if not lines:
        return "it gave no message"
    return lines[-1] if lines[0].startswith("Traceback") else lines[0]


def _comparable(data: bytes) -> Any:
    """What of a release's file does not depend on the machine that made it: of recorded replies, only which."""
    try:
        manifest = json.loads(data)
        return manifest | {"replies": sorted(manifest["replies"])}
    except (ValueError, TypeError, KeyError):
        return data
