"""Grading that is interrupted, killed or out of room: nothing half written, nothing left, and it can be started again.

Submissions here wait until the test has done what it does to the grader: a worker's folder can be looked into, and
written to, from outside.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
from courses import notebook, submit, write_course
from nbgrader.api import Gradebook

from autograder import linux
from autograder.course import Course

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc, and limits other processes")

Found = TypeVar("Found")

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 60.0  # seconds, for what takes a moment

WAIT = """
import os
import time
with open("waiting", "w"):
    pass
while not os.stat("waiting").st_size:
    time.sleep(0.01)
"""
WAITING_SQUARE = f"def square(x):\n{WAIT.replace(chr(10), chr(10) + '    ')}\n    return x * x"
WRONG = "def cube(x):\n    return x"
SUBMISSIONS = {
    "ada": notebook(cube=WRONG),
    "bob": notebook(extra=[WAIT]),
    "cyd": notebook(square=WAITING_SQUARE),
    "dan": notebook(square="def square(x):\n    return x + 1"),
}
SCORES = {"ada": 5.0, "bob": 6.0, "cyd": 6.0, "dan": 1.0}
BEFORE = {"ada": 5.0}  # who is graded before anybody waits


# ---- a course and what is in it ----------------------------------------------------------------------


def environment(course: Course) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "PYTEST"))}
    path = os.pathsep.join((os.path.dirname(sys.executable), os.environ.get("PATH", "")))  # nbgrader runs `alembic`
    return kept | {"HOME": str(course.root), "PATH": path, "TMPDIR": str(temporary(course))}


def temporary(course: Course) -> Path:
    """The folder for temporary files of what runs in a course."""
    return course.root.parent / "tmp"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The small course with a release, and submissions of which some wait to be told to go on."""
    course = write_course(tmp_path_factory.mktemp("made") / "course")
    temporary(course).mkdir()
    (course.root / "tests/graded/small/settings.toml").write_text("cell_seconds = 60\nrequest_seconds = 60\n")
    course.seed("small", "powers")  # makes the key, so that every copy draws the same inputs
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "small"]
    subprocess.run(command, cwd=course.root, env=environment(course), check=True, capture_output=True)
    for student, content in SUBMISSIONS.items():
        submit(course, student, content)
        (course.root / "submitted" / student / "small" / "notes.txt").write_text(f"{student}'s")
    return course


@pytest.fixture
def course(made: Course, tmp_path: Path) -> Course:
    """A copy of it."""
    shutil.copytree(made.root, tmp_path / "course")
    temporary(Course(tmp_path / "course")).mkdir()
    return Course(tmp_path / "course")


def graded(course: Course) -> dict[str, tuple[Any, ...]]:
    """What each student who is in the gradebook has: score, grades, comments, the autograded folder."""
    connection = sqlite3.connect(course.root / "gradebook.db")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    found = {}
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as book:
        for submission in book.assignment_submissions("small"):
            (row,) = submission.notebooks
            grades = {grade.name: (grade.auto_score, grade.needs_manual_grade) for grade in row.grades}
            comments = {comment.name: comment.auto_comment for comment in row.comments}
            folder = course.root / "autograded" / submission.student.id / "small"
            files = {path.name: path.read_bytes() for path in folder.iterdir()}
            files["powers.ipynb"] = b""  # the same but for what a cell waited for
            cards = re.findall(r"\d+ of \d+|[\d.]+ / [\d.]+", (folder / "powers.ipynb").read_text())
            found[submission.student.id] = (submission.score, grades, comments, files, cards)
    return found


def scores(course: Course) -> dict[str, float]:
    return {student: found[0] for student, found in graded(course).items()}


# ---- a command and its processes -----------------------------------------------------------------------


class Run:
    """A command in a course, and the processes that belong to it.

    Args:
        course: The course.
        *command: A module and its arguments.
        inside: What to run it in, such as ``unshare``.
    """

    def __init__(self, course: Course, *command: str, inside: Sequence[str] = ()) -> None:
        self._course = course
        self._out, self._err = course.root.parent / "out", course.root.parent / "err"
        self._before = set(_processes())
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                [*inside, sys.executable, "-m", *command],
                cwd=course.root,
                env=environment(course),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        self.pid = self.process.pid

    @property
    def out(self) -> str:
        return self._out.read_text()

    @property
    def err(self) -> str:
        return self._err.read_text()

    def until(self, found: Callable[[], Found | None]) -> Found:
        """Wait for something to come about while the command runs."""
        ended = False
        for _ in range(int(PATIENCE / 0.02)):
            if (value := found()) is not None:
                return value
            if ended:
                break
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.02)
                ended = True
        raise AssertionError(f"it did not come about\n{self.out}\n{self.err}")

    def all_waiting(self) -> Iterator[int]:
        """The workers that wait."""
        for pid in self.family():
            with contextlib.suppress(OSError):
                if not os.stat(f"/proc/{pid}/cwd/waiting").st_size:
                    yield pid

    def waiting(self) -> int:
        """The first worker that waits, once there is one."""
        return self.until(lambda: next(self.all_waiting(), None))

    def go_on(self, worker: int | None = None) -> None:
        """Let a worker that waits go on: the one that is given, or the next one."""
        Path(f"/proc/{worker or self.waiting()}/cwd/waiting").write_text("go on")

    def go_on_to_the_end(self, but: Sequence[int] = ()) -> None:
        """Let all workers go on that wait while the command runs, but for some."""

        def ended() -> int | None:
            for worker in set(self.all_waiting()) - set(but):
                with contextlib.suppress(OSError):
                    self.go_on(worker)
            return self.process.poll()

        self.until(ended)

    def row(self, student: str) -> None:
        """Wait until a student is in the table."""
        self.until(lambda: True if f"\n{student} " in self.out else None)

    def family(self) -> list[int]:
        """Every process that has come of the command."""
        parents = _processes()
        family: set[int] = {self.pid}
        while more := {pid for pid, parent in parents.items() if parent in family} - family:
            family |= more
        orphans = {pid for pid, parent in parents.items() if parent == os.getpid() and pid not in self._before}
        return sorted(family | orphans)

    def pools(self) -> list[int]:
        """The processes of the grader's pool."""
        return [pid for pid, parent in _processes().items() if parent == self.pid and "zygote" not in _command(pid)]

    def end(self) -> int:
        """Wait for the end of the command and of everything that belongs to it; its exit status."""
        status = self.process.wait(PATIENCE)
        for pid, parent in _processes().items():
            if parent == os.getpid() and pid not in self._before:
                assert _gone(pid), f"{_command(pid)} goes on"
                os.waitpid(pid, 0)
        return status

    def interrupted(self, status: int) -> None:
        """Assert that it was interrupted: an exit status, one line, and nothing left."""
        assert (self.end(), self.err) == (
            status,
            "autograder: interrupted; what was graded before is in the gradebook\n",
        )
        self.nothing_left()

    def nothing_left(self) -> None:
        """Assert that no file and no mount is left (:meth:`end` has seen to the processes)."""
        assert list(temporary(self._course).iterdir()) == []
        assert str(self._course.root.parent) not in Path("/proc/self/mountinfo").read_text()
        assert list(self._course.root.glob("autograded/*/.grading-*")) == []


def _processes() -> dict[int, int]:
    """The parent of every process."""
    found = {}
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError, ValueError):
            found[int(name)] = int(Path(f"/proc/{int(name)}/stat").read_text().rpartition(")")[2].split()[1])
    return found


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def _gone(pid: int) -> bool:
    """Whether a process ends within some seconds."""
    watch = os.pidfd_open(pid)
    try:
        return bool(select.select([watch], [], [], PATIENCE)[0])
    finally:
        os.close(watch)


@pytest.fixture
def start(course: Course) -> Iterator[Callable[..., Run]]:
    """Start commands. Processes whose parent was killed become ours, so that none can hide."""
    runs = []

    def run(*command: str, **options: Any) -> Run:
        runs.append(Run(course, *command, **options))
        return runs[-1]

    linux.prctl(PR_SET_CHILD_SUBREAPER, 1)
    try:
        yield run
    finally:
        for each in runs:
            for pid in each.family():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            each.end()
        linux.prctl(PR_SET_CHILD_SUBREAPER, 0)


def grade(*options: str) -> tuple[str, ...]:
    return ("autograder.cli", "grade", "small", *options)


@pytest.fixture(scope="module")
def whole(made: Course, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, ...]]:
    """What everybody has after a run that nothing happened to."""
    course = Course(tmp_path_factory.mktemp("whole") / "course")
    shutil.copytree(made.root, course.root)
    temporary(course).mkdir()
    run = Run(course, *grade("--jobs", "1"))
    run.go_on_to_the_end()
    assert run.end() == 0, run.err
    assert scores(course) == SCORES
    return graded(course)


# ---- signals -------------------------------------------------------------------------------------------


def test_ctrl_c_while_a_class_is_graded(course: Course, start: Callable[..., Run]) -> None:
    run = start(*grade("--jobs", "2"))
    run.row("ada")
    run.waiting()
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does: every process of the pool gets it too
    run.interrupted(130)
    assert scores(course) == BEFORE


def test_being_asked_to_end_while_a_check_runs(course: Course, start: Callable[..., Run]) -> None:
    run = start(*grade("--student", "cyd", "--jobs", "1"))
    run.waiting()
    os.kill(run.pid, signal.SIGTERM)
    run.interrupted(143)
    assert scores(course) == {}


def test_a_killed_grader_leaves_nothing_and_can_be_started_again(
    course: Course, start: Callable[..., Run], whole: dict[str, Any]
) -> None:
    run = start(*grade("--jobs", "2"))
    run.row("ada")
    run.waiting()
    os.kill(run.pid, signal.SIGKILL)
    assert run.end() == -signal.SIGKILL
    run.nothing_left()
    assert graded(course) == {"ada": whole["ada"]}

    again = start(*grade("--jobs", "1"))
    again.go_on_to_the_end()
    assert (again.end(), again.err) == (0, "")
    again.nothing_left()
    assert graded(course) == whole


def test_what_is_left_of_a_grader_that_is_killed_with_all_its_processes_is_removed_by_the_next(
    course: Course, start: Callable[..., Run], whole: dict[str, Any]
) -> None:
    run = start(*grade("--jobs", "2"))
    run.row("ada")
    run.waiting()
    family = run.family()
    for number in (signal.SIGSTOP, signal.SIGKILL):  # so that none sees another one end
        for pid in family:
            os.kill(pid, number)
    assert run.end() == -signal.SIGKILL
    left = {path.name.rpartition("-")[0] for path in temporary(course).iterdir()}
    assert left == {"autograder", "autograder-zygote"}

    again = start(*grade("--jobs", "1"))
    again.go_on_to_the_end()
    assert (again.end(), again.err) == (0, "")
    again.nothing_left()
    assert graded(course) == whole


def test_ctrl_c_while_nbgrader_grades_a_class(course: Course, start: Callable[..., Run]) -> None:
    run = start("nbgrader", "autograde", "small")
    run.waiting()
    os.killpg(run.pid, signal.SIGINT)
    assert run.end() == -signal.SIGINT  # nbgrader's own way to end
    run.nothing_left()
    assert os.listdir(course.root / "autograded") == ["ada"] or not list(course.root.glob("autograded/bob/small/*"))

    again = start("nbgrader", "autograde", "small")
    again.go_on_to_the_end()
    assert again.end() == 0, again.err
    again.nothing_left()
    assert scores(course) == SCORES


# ---- parts of the grader that are killed -----------------------------------------------------------------


def test_a_killed_zygote_costs_nobody_a_point(course: Course, start: Callable[..., Run], whole: dict[str, Any]) -> None:
    run = start(*grade("--jobs", "2"))
    workers = run.until(lambda: found if len(found := list(run.all_waiting())) == 2 else None)  # in a cell, in a check
    (zygote,) = {_processes()[worker] for worker in workers}
    os.kill(zygote, signal.SIGKILL)
    run.go_on_to_the_end(but=workers)
    assert (run.end(), run.err) == (0, "")
    run.nothing_left()
    assert graded(course) == whole


def test_a_killed_process_of_the_pool_costs_nobody_a_point(
    course: Course, start: Callable[..., Run], whole: dict[str, Any]
) -> None:
    run = start(*grade("--jobs", "1"))
    worker = run.waiting()
    (pool,) = run.pools()
    os.kill(pool, signal.SIGKILL)
    run.go_on_to_the_end(but=[worker])  # which has nobody left to tell it to end, before the class is done
    assert (run.end(), run.err) == (0, "")
    run.nothing_left()
    assert graded(course) == whole


def test_a_killed_worker_costs_the_check_that_it_was_busy_with(course: Course, start: Callable[..., Run]) -> None:
    run = start(*grade("--student", "cyd", "--json", "result.json"))
    run.go_on()
    os.kill(run.waiting(), signal.SIGKILL)
    assert (run.end(), run.err) == (0, "")
    run.nothing_left()
    ((checks),) = [each["checks"] for each in json.loads((course.root / "result.json").read_text())]
    assert {check["id"]: (check["status"], check["score"]) for check in checks} == {
        "test_square_value": ("passed", 2),
        "test_square_gradient": ("failed", 0),
        "test_cube_value": ("passed", 1),
    }
    assert scores(course) == {"cyd": 3}


# ---- no room -------------------------------------------------------------------------------------------


def refused(run: Run, *words: str) -> None:
    """Assert exit status 1, one line that says why, and nothing left."""
    assert run.end() == 1, run.err
    assert run.err.startswith("autograder: cannot write ") and run.err.count("\n") == 1
    for word in (*words, "Make room"):
        assert word in run.err
    run.nothing_left()


def test_no_room_for_the_gradebook(course: Course, start: Callable[..., Run], whole: dict[str, Any]) -> None:
    run = start(*grade("--jobs", "1"))
    run.row("ada")
    worker = run.waiting()
    resource.prlimit(run.pid, resource.RLIMIT_FSIZE, (4096, 4096))  # what it says on standard error is shorter
    run.go_on(worker)
    refused(run, str(course.root / "gradebook.db"))
    assert graded(course) == {"ada": whole["ada"]}
    assert not (course.root / "autograded/bob/small").exists()

    again = start(*grade("--jobs", "1"))
    again.go_on_to_the_end()
    assert (again.end(), again.err) == (0, "")
    assert graded(course) == whole


def own_mounts() -> list[str]:
    """A command that runs another one with mounts of its own, or [] where that is not to be had."""
    for command in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        with contextlib.suppress(OSError):
            if not subprocess.run([*command, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode:
                return command
    return []


@contextlib.contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Fill a file system: with files until there can be no more, and one of them with bytes."""
    # What is open takes room when it is removed, too: else the next worker's folder would take that of this one's.
    kept = [os.open(path, os.O_RDONLY) for path in folder.rglob("*")]
    with contextlib.suppress(OSError):
        for number in range(10_000):
            (folder / f"fill-{number}").touch()
    with contextlib.suppress(OSError), (folder / "fill-0").open("wb") as file:
        while True:
            file.write(bytes(1 << 16))
            file.flush()
    try:
        yield
    finally:
        for descriptor in kept:
            os.close(descriptor)


@pytest.mark.parametrize(
    ("place", "who", "full", "had"),
    [
        ("course/autograded/bob", [], "autograded/bob/small", BEFORE),
        ("tmp", [], "tmp", {"ada": 5.0, "bob": 6.0}),  # whose worker has its folder already
        ("course/results", ["--student", "bob"], "results/all.json", {"bob": 6.0}),
    ],
    ids=["autograded", "scratch", "json"],
)
def test_no_room_elsewhere(
    course: Course, start: Callable[..., Run], place: str, who: list[str], full: str, had: dict[str, float]
) -> None:
    if not (command := own_mounts()):
        pytest.skip("this machine gives no mounts to its users")
    folder = course.root.parent / place
    for needed in (folder, course.root / "results"):
        needed.mkdir(parents=True, exist_ok=True)
    script = 'mount -t tmpfs -o size=1m,nr_inodes=200 none "$0" && exec "$@"'
    options = grade("--jobs", "1", "--json", "results/all.json", *who)
    run = start(*options, inside=[*command, "sh", "-c", script, str(folder)])
    worker = run.waiting()
    with filled(Path(f"/proc/{run.pid}/root{folder}")):
        run.go_on(worker)
        run.go_on_to_the_end()
    refused(run, full)
    assert scores(course) == had
