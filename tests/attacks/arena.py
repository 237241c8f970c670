"""Where the attacks are graded: a course with secrets in it, watched processes, and the one oracle."""

from __future__ import annotations

import builtins
import json
import os
import re
import signal
import socket
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from courses import HIDDEN, SQUARE, notebook, write_course

from attacks.corpus.attack import RIGHT, Attack, Work
from autograder import sandbox
from autograder.draw import Draw
from autograder.grade import Grader
from autograder.model import Graded, Result, Status

SEED = 20261234567899
CANARY = "C4N4RY"
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
_SETTINGS = {
    "calm": "cell_seconds = 15\nrequest_seconds = 5\nsubmission_seconds = 45\nmemory_mb = 800\nfile_mb = 64\n",
    "hurried": "cell_seconds = 2\nrequest_seconds = 1.5\nsubmission_seconds = 8\nmemory_mb = 800\nfile_mb = 64\n",
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
            r"Not attempted yet\.",
            r"Not checked until “(?:square multiplies each element by itself"
            r"|cube multiplies each element by its square)\.” passes\.",
            r"",
        )
    )
)


class Watched:
    """A starter that remembers which process groups it started."""

    def __init__(self, start: sandbox.Starter) -> None:
        self._start = start
        self.groups: list[int] = []
        self.prepare = start.prepare

    @property
    def machine(self) -> Any:
        return self._start.machine

    def start(self, channel: socket.socket, cage: Any) -> sandbox.Process:
        process = self._start.start(channel, cage)
        self.groups.append(process.pid)
        return process

    def close(self) -> None:
        """Nothing: graders share it, and the arena ends it."""

    def end(self) -> None:
        self._start.close()


class Arena:
    """Grades attacks and judges what came of them.

    Args:
        root: An empty folder for the courses and everything temporary.
    """

    def __init__(self, root: Path) -> None:
        self.scratch = root / "scratch"
        self.scratch.mkdir()
        self._root = root
        self._kept = tempfile.tempdir
        tempfile.tempdir = str(self.scratch)
        os.environ["AUTOGRADER_SECRET"] = f"{CANARY}-environment"
        held, bare = Watched(sandbox.starter(os.environ.get("TEST_ISOLATION", "L3"))), Watched(sandbox.starter("L0"))
        self._starters = {"calm": held, "hurried": held, "bare": bare}
        self._graders: dict[str, Grader] = {}
        self._baselines: dict[tuple[str, Work], float] = {}
        self._references: set[int] = set()
        self._before: set[str] = set()

    def _grader(self, pace: str) -> Grader:
        if pace not in self._graders:
            start, unsafe = self._starters[pace], pace == "bare"
            self._graders[pace] = Grader(self._course(pace), seed=SEED, start=start, unsafe=unsafe)
            self.right_work_earns_everything(pace)  # which starts the reference, too
            self._references |= {group for group, _ in processes()} & set(start.groups)  # who is left: the reference
            self._before = set(os.listdir(self.scratch)) - {KEPT}
        return self._graders[pace]

    def _course(self, pace: str) -> Any:
        course = write_course(self._root / pace, hidden=_HIDDEN)
        source = notebook(square=SQUARE.replace("x * x", f"x * x  # {CANARY}-solution"))
        course.source("small", "powers").write_text(json.dumps(source))
        (course.root / "tests/graded/small/settings.toml").write_text(_SETTINGS[pace])
        return course

    def close(self) -> None:
        """End every process."""
        for grader in self._graders.values():
            grader.close()
        for start in self._starters.values():
            start.end()
        tempfile.tempdir = self._kept
        del os.environ["AUTOGRADER_SECRET"]

    # -- grading

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
        return self.grade(notebook_of(attack), pace_of(attack))

    def baseline(self, work: Work, pace: str) -> float:
        """What work earns without any attack."""
        key = (pace, work)
        if key not in self._baselines:
            self._baselines[key] = self.grade(notebook(work.square, work.cube), pace).result.total.score
        return self._baselines[key]

    def right_work_earns_everything(self, pace: str = "calm") -> None:
        """The next submission is graded as if nothing had been before it."""
        result = self.grade(notebook(RIGHT.square, RIGHT.cube), pace).result
        assert (result.total.score, result.total.max_score, result.error) == (FULL, FULL, None), result.to_json()

    # -- the oracle

    def judge(self, attack: Attack) -> Graded:
        """Grade an attack and hold what came of it against everything that is promised."""
        baseline = self.baseline(attack.work, pace_of(attack))
        start = time.monotonic()
        graded = self.attack(attack)
        seconds = time.monotonic() - start
        result = graded.result
        assert result.total.score <= baseline, f"it earned more than {baseline}:\n{result.to_json()}"
        assert seconds < BUDGETS[pace_of(attack)] + SLACK
        judge_form(result)
        judge_secrecy(graded)
        self.judge_remains()
        judge_execution(attack, graded)
        return graded

    def survivors(self) -> list[int]:
        """The processes that are left of workers that have ended."""
        groups = {group for start in self._starters.values() for group in start.groups} - self._references
        return [process for group, process in processes() if group in groups]

    def end_survivors(self) -> None:
        """Kill what a defence that was switched off has left behind."""
        for process in self.survivors():
            os.kill(process, signal.SIGKILL)

    def judge_remains(self) -> None:
        """Nothing is left of any process, folder or file, other than the references'."""
        deadline = time.monotonic() + 3
        while (left := self.survivors()) and time.monotonic() < deadline:  # who was killed takes a moment to be gone
            time.sleep(0.02)
        assert not left, f"processes are left: {left}"
        assert set(os.listdir(self.scratch)) - {KEPT} == self._before


def notebook_of(attack: Attack) -> dict[str, Any]:
    """The notebook that carries an attack."""
    node = notebook(attack.square, attack.cube, attack.cells)
    changed = attack.change(node) if attack.change else None
    return node if changed is None else changed


def pace_of(attack: Attack) -> str:
    """How an attack is graded."""
    return "bare" if attack.bare else "hurried" if attack.hurry else "calm"


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
    told = "\n".join(outcome.message + outcome.hint for outcome in graded.result.outcomes)
    for secret in SECRETS:
        assert secret not in shown
        assert secret not in told.replace(f"{CANARY}-hint", "")
    for value in HIDDEN_INPUTS:
        assert f"{abs(value):.5f}" not in shown
        assert f"{abs(value):.5f}" not in told
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
    assert (result.error.kind if result.error else "") == attack.error
    assert attack.ends is None or tuple(cell["ename"] for cell in result.cells) == attack.ends, result.cells
    messages = "\n".join(outcome.message for outcome in result.outcomes)
    assert re.search(attack.told, messages), messages
    assert re.search(attack.shows, "\n".join(_texts(graded))), shown_text(graded)[:5000]
    assert not attack.hides or not re.search(attack.hides, shown_text(graded)), shown_text(graded)[:5000]


def _texts(graded: Graded) -> list[str]:
    found = []
    for run in graded.runs.values():
        for output in run.outputs:
            found += [output.get("text", ""), output.get("ename", ""), output.get("data", {}).get("text/plain", "")]
    return found


def processes() -> list[tuple[int, int]]:
    """Group and id of every process that is not a zombie."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                text = Path("/proc", name, "stat").read_text()
            except OSError:
                continue
            state, _, group = text.rpartition(")")[2].split()[:3]
            if state not in "ZX":
                found.append((int(group), int(name)))
    return found
