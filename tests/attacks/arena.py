"""Where the attacks are graded: a course with secrets in it, watched processes, and the one oracle."""

from __future__ import annotations

import builtins
import contextlib
import json
import os
import re
import signal
import socket
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courses import HIDDEN, SQUARE, notebook, write_course

from attacks.corpus.attack import GOT_OUT, RIGHT, Attack, Work, aimed
from attacks.outside import CANARY, Outside
from autograder import files, sandbox
from autograder.draw import Draw
from autograder.grade import Grader, Submitted
from autograder.model import Graded, Result, Status

SEED = 20261234567899
SECRETS = (CANARY, "test_square_gradient", "test_cube_more", "has the right gradient", "BEGIN SOLUTION", str(SEED))
FULL = 8.0
KEPT = "kept"  # the file in which an attack hands something to a later process
SLACK = 5.0  # seconds on top of a submission's budget: starting, ending and cleaning up on a busy machine

_HIDDEN = (
    HIDDEN
    + '''
@pytest.mark.points(2, needs="test_cube_value", hint="C4N4RY-hint")
def test_cube_more(student, reference, draw):
    """cube works on vectors, too."""
    # C4N4RY-check
    x = draw.uniform(3, low=1.0, high=2.0)
    assert_close(student.cube(x), reference.cube(x))
'''
)
# How attacks are graded: under long limits, for those that end by themselves; under short ones, for those that use
# all they get; and held by nothing but resource limits, for those that are to see all that is in their own process.
_DISK = "disk_mb = 128\ndisk_files = 2000\n"
_SETTINGS = {
    "calm": "cell_seconds = 15\nrequest_seconds = 5\nsubmission_seconds = 45\nmemory_mb = 800\nfile_mb = 64\n" + _DISK,
    "hurried": "cell_seconds = 2\nrequest_seconds = 1.5\nsubmission_seconds = 8\nmemory_mb = 800\nfile_mb = 64\n"
    + _DISK,
}
_SETTINGS["bare"] = _SETTINGS["calm"]
BUDGETS = {"calm": 45.0, "hurried": 8.0, "bare": 45.0}

HIDDEN_INPUTS = (
    *Draw(SEED, "test_square_gradient").normal(4).tolist(),
    *Draw(SEED, "test_cube_more").uniform(3, low=1.0, high=2.0).tolist(),
)

# Everything that a student may read of a hidden check. Nothing in it is the student's to choose freely.
_DTYPE = r"(?:bool|string|b?float\d+|u?int\d+|complex\d+)"
_KNOWN = "|".join(name for name, item in vars(builtins).items() if isinstance(item, type))
_KIND = (
    rf"(?:a tf\.(?:Tensor|Variable|IndexedSlices)|a SparseTensor|a numpy (?:array|scalar)) of dtype {_DTYPE}"
    r"|a Python number|None|True or False|a string|a (?:list|tuple|dict|str|bytes|Failure)"
    r"|something that is neither a tensor nor plain data"
)
_SENTENCES = re.compile(
    "|".join(
        (
            r"The value is not the expected one\. (?:All|Some) values differ; kind, shape and dtype are right\.",
            r"The value holds (?:nan|inf) where a finite number is expected\.",
            r"The shape is not the expected one\.",
            rf"The dtype is not the expected one: float32 expected, {_DTYPE} came\.",
            rf"A tf\.Tensor is expected, and (?:{_KIND}) came\.(?: Did you forget a return\?)?",
            r"The gradient is None: the tape saw no path from the argument to the result\.",
            r"The result is of a form that this check cannot use: another type, or other parts, "
            r"than the exercise asks for\.",
            r"(?:square|cube) did not finish properly \((?:TimeLimit|ProcessEnded|ProtocolError|ValueTooLarge)\)\.",
            r"(?:square|cube) is not defined in your notebook\. Did its cell fail, or was it renamed or deleted\?",
            r"(?:square|cube) still raises NotImplementedError\. Delete that line once your own code is in place\.",
            rf"(?:square|cube) raises (?:an error|InvalidArgumentError|{_KNOWN}) for some inputs\.",
            r"Your notebook could not go on: (?:The notebook took longer than the \d+ seconds that it has in all\."
            r"|the notebook ended \d+ processes; no more are started for it)",
            r"Not attempted yet\.(?: (?:square|cube) is not defined\.)?",
            r"Not checked until “(?:square multiplies each element by itself"
            r"|cube multiplies each element by its square)\.” passes\.",
            r"",
        )
    )
)


class Watched:
    """A starter that remembers which process groups it started, and may be shared.

    Args:
        start: The starter.
    """

    def __init__(self, start: sandbox.Starter) -> None:
        self._start = start
        self.groups: list[int] = []
        self.prepare = start.prepare
        self.warm_up = start.warm_up

    @property
    def machine(self) -> Any:
        return self._start.machine

    def start(self, channel: socket.socket, cage: Any) -> sandbox.Process:
        process = self._start.start(channel, cage)
        self.groups.append(process.pid)
        return process

    def close(self) -> None:
        """Nothing: whoever made the starter ends it."""


class Arena:
    """Grades attacks and judges what came of them.

    Args:
        root: An empty folder for the courses and everything temporary, into which everyone may look.
        held: Starts the workers of attacks.
        bare: Starts those of attacks that are graded without isolation.
    """

    def __init__(self, root: Path, held: sandbox.Starter, bare: sandbox.Starter | None = None) -> None:
        self.outside = Outside(root)
        self.scratch = root / "scratch"
        self.scratch.mkdir()
        self._root = root
        self._kept = tempfile.tempdir
        tempfile.tempdir = str(self.scratch)
        held = Watched(held)
        self._starters = {"calm": held, "hurried": held, "bare": Watched(bare) if bare else held}
        self._graders: dict[str, Grader] = {}
        self._baselines: dict[tuple[str, Work], float] = {}
        self._references: set[int] = set()
        self._before: set[str] = set()

    def _grader(self, pace: str) -> Grader:
        if pace not in self._graders:
            start, unsafe = self._starters[pace], pace == "bare"
            self._graders[pace] = Grader(self._course(pace), seed=SEED, start=start, unsafe=unsafe)
            self.right_work_earns_everything(pace)  # which starts the reference, too
            self._references |= {found.group for found in processes()} & set(start.groups)  # who is left: it
            self._before = set(os.listdir(self.scratch)) - {KEPT}
        return self._graders[pace]

    def starter(self, pace: str) -> Watched:
        """What starts the workers of attacks, and remembers them."""
        return self._starters[pace]

    def course(self, pace: str) -> Path:
        """The folder of the course that attacks are graded in."""
        return self._root / pace

    def _course(self, pace: str) -> Any:
        course = write_course(self.course(pace), hidden=_HIDDEN)
        source = notebook(square=SQUARE.replace("x * x", f"x * x  # {CANARY}-solution"))
        course.source("small", "powers").write_text(json.dumps(source))
        (course.root / "tests/graded/small/settings.toml").write_text(_SETTINGS[pace])
        self.outside.add(course.root)
        return course

    def close(self) -> None:
        """End every process but the starters."""
        for grader in self._graders.values():
            grader.close()
        tempfile.tempdir = self._kept
        self.outside.close()

    # -- grading

    def notebook_of(self, attack: Attack) -> dict[str, Any]:
        """The notebook that carries an attack."""
        aim = [aimed(self.outside.places(self.course(pace_of(attack))))] if attack.aimed else []
        node = notebook(attack.square, attack.cube, [*aim, *attack.cells])
        changed = attack.change(node) if attack.change else None
        return node if changed is None else changed

    def grade(self, content: Mapping[str, Any], pace: str = "calm") -> Graded:
        """Grade a notebook, given as nbformat data."""
        grader = self._grader(pace)
        path = self._root / f"powers-{pace}.ipynb"
        path.write_text(json.dumps(content))
        return grader.grade_file(path, "small", "powers", "someone")

    def attack(self, attack: Attack) -> Graded:
        """Grade the notebook of an attack."""
        # Where nothing holds a worker, what it writes outside of its own folder outlives it.
        (self.scratch / KEPT).unlink(missing_ok=True)
        self._grader(pace_of(attack))
        return self.grade(self.notebook_of(attack), pace_of(attack))

    def baseline(self, work: Work, pace: str) -> float:
        """What work earns without any attack."""
        key = (pace, work)
        if key not in self._baselines:
            self._baselines[key] = self.grade(notebook(work.square, work.cube), pace).result.total.score
        return self._baselines[key]

    def right_work_earns_everything(self, pace: str = "calm") -> None:
        """The next submission is graded as if nothing had been before it."""
        judge_right_work(self.grade(notebook(RIGHT.square, RIGHT.cube), pace))

    # -- the oracle

    def judge(self, attack: Attack) -> Graded:
        """Grade an attack and hold what came of it against everything that is promised."""
        self.baseline(attack.work, pace_of(attack))
        start = time.monotonic()
        graded = self.attack(attack)
        self._judge(attack, graded, time.monotonic() - start)
        return graded

    def _judge(self, attack: Attack, graded: Graded, seconds: float) -> None:
        pace = pace_of(attack)
        result, baseline = graded.result, self._baselines[pace, attack.work]
        assert result.total.score <= baseline, f"it earned more than {baseline}:\n{result.to_json()}"
        assert seconds < BUDGETS[pace] + SLACK, f"it took {seconds:.1f} seconds"
        judge_form(result)
        judge_secrecy(graded)
        self.judge_remains()
        judge_execution(attack, graded)

    def judge_class(self, attacks: Sequence[Attack], pace: str) -> Iterator[tuple[str, str]]:
        """Grade attacks as a class, as one grades them, with right work between them.

        Args:
            attacks: The attacks; each is judged when the next submission is taken.
            pace: How all of them are graded.

        Yields:
            The name of each attack, and what is wrong; empty where it came to nothing.
        """
        for work in {attack.work for attack in attacks}:
            self.baseline(work, pace)
        handed_in: list[Attack | None] = []
        for index, attack in enumerate(attacks, start=1):
            handed_in += [attack] if index % 6 and index != len(attacks) else [attack, None]
        graded: dict[str, Graded] = {}
        verdicts: dict[str, str] = {}
        path = self._root / f"powers-{pace}.ipynb"
        open_files = 0

        def submissions() -> Iterator[Submitted]:
            nonlocal open_files
            for index, attack in enumerate([None, *handed_in]):
                node = self.notebook_of(attack) if attack else notebook(RIGHT.square, RIGHT.cube)
                path.write_text(json.dumps(node))
                name, start = str(index), time.monotonic()
                yield Submitted(name, path)
                seconds = time.monotonic() - start
                open_files = open_files or len(os.listdir("/proc/self/fd"))
                name = attack.name if attack else f"right_work_{pace}_{index}"
                try:
                    if attack:
                        self._judge(attack, graded[str(index)], seconds)
                    else:
                        judge_right_work(graded[str(index)])
                    assert len(os.listdir("/proc/self/fd")) == open_files, "it left files open in the grader"
                    verdicts[name] = ""
                except Exception:
                    verdicts[name] = traceback.format_exc(limit=-3)
                    self.recover()

        def report(submitted: Submitted, found: Graded) -> None:
            graded[str(submitted.student)] = found

        self._grader(pace).grade_all(submissions(), "small", "powers", report)
        yield from verdicts.items()

    def recover(self) -> None:
        """Clean up after an attack that got further, so that the next is judged by itself."""
        for process in self.survivors():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.outside.recover()
        for name in set(os.listdir(self.scratch)) - self._before - {KEPT}:
            files.remove_tree(str(self.scratch / name))

    def survivors(self) -> list[int]:
        """The processes that are left of workers that have ended: of their groups, or in their folders."""
        groups = {group for start in self._starters.values() for group in start.groups} - self._references
        return [
            found.pid
            for found in processes()
            if found.group in groups
            or (
                (found.folder.startswith(f"{self.scratch}/autograder-") and found.group not in self._references)
                and not found.folder.startswith(f"{self.scratch}/autograder-zygote-")
            )
        ]

    def judge_remains(self) -> None:
        """Nothing is left of any process, folder or file, other than the references'."""
        deadline = time.monotonic() + 3
        while (left := self.survivors()) and time.monotonic() < deadline:  # who was killed takes a moment to be gone
            time.sleep(0.02)
        assert not left, f"processes are left: {left}"
        remaining = set(os.listdir(self.scratch)) - {KEPT} - self._before
        assert not remaining, f"folders are left: {remaining}"
        self.outside.judge(self.scratch)


def pace_of(attack: Attack) -> str:
    """How an attack is graded."""
    return "bare" if attack.bare else "hurried" if attack.hurry else "calm"


def judge_right_work(graded: Graded) -> None:
    """Right work earns everything."""
    result = graded.result
    earned = (result.total.score, result.total.max_score, result.error)
    assert earned == (FULL, FULL, None), f"right work did not earn everything:\n{result.to_json()}"


def judge_form(result: Result) -> None:
    """The Result is whole, of bounded size, and blames nobody but the submission."""
    text = result.to_json()
    assert len(text.encode()) < 4_000_000
    assert Result.from_dict(json.loads(text)).to_dict() == result.to_dict()
    assert result.total.max_score == FULL
    assert [outcome.check.id for outcome in result.outcomes] == [
        "test_square_value",
        "test_cube_value",
        "test_square_gradient",
        "test_cube_more",
    ]
    for outcome in result.outcomes:
        assert outcome.status in (Status.PASSED, Status.FAILED, Status.NOT_CHECKED, Status.NOT_ATTEMPTED), outcome
        assert outcome.score == (outcome.check.points if outcome.status is Status.PASSED else 0.0)
        assert bool(outcome.message) == (outcome.status is not Status.PASSED)
        assert len(outcome.message) < 20_000
    if result.error is None:
        assert not result.needs_human


def shown_text(graded: Graded) -> str:
    """Everything that the student's code put into outputs and errors of cells."""
    return json.dumps([[*run.outputs, run.error] for run in graded.runs.values()], ensure_ascii=False)


def judge_secrecy(graded: Graded) -> None:
    """No secret and no hidden input is in anything that a student reads."""
    shown = shown_text(graded)
    assert GOT_OUT not in shown, f"it got out: {shown[:5000]}"
    told = "\n".join(outcome.message + outcome.hint for outcome in graded.result.outcomes)
    for secret in SECRETS:
        assert secret not in shown, f"{secret} was shown"
        assert secret not in told.replace(f"{CANARY}-hint", ""), f"{secret} was told"
    for value in HIDDEN_INPUTS:
        assert f"{abs(value):.5f}" not in shown, "a hidden input was shown"
        assert f"{abs(value):.5f}" not in told, "a hidden input was told"
    for outcome in graded.result.outcomes:
        if outcome.check.visibility == "hidden" and graded.result.error is None:
            assert _SENTENCES.fullmatch(outcome.message), outcome.message
    for run in graded.runs.values():
        for output in run.outputs:
            for mime, data in output.get("data", {}).items():
                assert mime in ("text/plain", "image/png", "image/jpeg")
                assert mime == "text/plain" or re.fullmatch(r"[A-Za-z0-9+/=\s]*", data), data[:100]


def judge_execution(attack: Attack, graded: Graded) -> None:
    """The attack really did what it is there for: one with a slip in it would prove nothing."""
    result = graded.result
    assert (result.error.kind if result.error else "") == attack.error, result.error
    ended = tuple(cell["ename"] for cell in result.cells)
    assert attack.ends is None or ended == attack.ends, f"cells ended with {ended}, not {attack.ends}: {result.cells}"
    messages = "\n".join(outcome.message for outcome in result.outcomes)
    assert re.search(attack.told, messages), f"no check told {attack.told!r}: {messages}"
    shown = "\n".join(_texts(graded))
    assert re.search(attack.shows, shown), f"no cell showed {attack.shows!r}: {shown[:5000]}"
    assert not attack.hides or not re.search(attack.hides, shown), f"a cell showed {attack.hides!r}: {shown[:5000]}"


def _texts(graded: Graded) -> list[str]:
    found = []
    for run in graded.runs.values():
        for output in run.outputs:
            found += [output.get("text", ""), output.get("ename", ""), output.get("data", {}).get("text/plain", "")]
    return found


@dataclass(frozen=True)
class Running:
    """A process that is not a zombie: its group, its id and the folder that it is in, as far as one may see it."""

    group: int
    pid: int
    folder: str


def processes() -> list[Running]:
    """Every process that is not a zombie."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            text = Path("/proc", name, "stat").read_text()
        except OSError:
            continue
        try:
            folder = os.readlink(f"/proc/{name}/cwd")
        except OSError:
            folder = ""
        state, _, group = text.rpartition(")")[2].split()[:3]
        if state not in "ZX":
            found.append(Running(int(group), int(name), folder))
    return found
