"""``autograder new``: a start that validates and can be released as it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from courses import REPO, Shared

from autograder import cli, new, sandbox
from autograder.course import Course
from autograder.errors import UsageError
from autograder.release import Release
from autograder.validate import validate

CONFIG = "nbgrader_config.py"


def test_what_it_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["new", "week_1", "--course", "mine"]) == 0
    told = capsys.readouterr().out
    written = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    graded = "mine/tests/graded/week_1"
    assert written == sorted(
        [
            f"mine/{CONFIG}",
            "mine/source/week_1/week_1.ipynb",
            *(f"{graded}/week_1/{name}" for name in ("visible.py", "hidden.py")),
            *(
                f"{graded}/week_1/wrong/{name}.py"
                for name in ("center_columns/rows_centered", "loss_gradient/no_watch")
            ),
            *(f"{graded}/week_1/right/{name}.py" for name in ("center_columns/shape_kept", "loss_gradient/by_hand")),
            f"{graded}/settings.toml",
        ]
    )
    assert all(f"  {name}\n" in told for name in written)
    assert "autograder validate week_1" in told
    course = Course(tmp_path / "mine")
    assert (course.assignments(), course.notebooks("week_1")) == (("week_1",), ("week_1",))
    assert course.limits("week_1").cell_seconds == 30


def test_it_validates_and_can_be_released(tmp_path: Path, starter: sandbox.Starter) -> None:
    new.write(tmp_path, "week1")
    course = Course(tmp_path)
    report = validate(course, "week1", "week1", Shared(starter), min_killed=1.0)
    assert report.findings == () and report.ok
    assert (report.wrong, report.right, report.killed_share) == (2, 2, 1.0)
    assert len(report.mutants) > 15
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", "week1"],
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        check=True,
        capture_output=True,
    )
    made = Release.read(tmp_path / "release" / "week1" / "checks" / "week1")
    assert made.exercises == ("center_columns", "loss_gradient")
    assert "YOUR CODE HERE" in (tmp_path / "release" / "week1" / "week1.ipynb").read_text()


def test_the_course_that_one_is_in(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (course.root / CONFIG).read_bytes()
    monkeypatch.chdir(course.root / "source")
    assert cli.main(["new", "large"]) == 0
    assert course.assignments() == ("large", "small")
    assert (course.root / CONFIG).read_bytes() == before


def test_no_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["new", "week1"]) == 2
    assert "--course FOLDER" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("taken", ["source/week1", "tests/graded/week1"])
def test_nothing_is_overwritten(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).mkdir(parents=True)
    (tmp_path / taken / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="exists already; nothing was written"):
        new.write(tmp_path, "week1")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["mine.txt"]


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", "a b", "-a", "ä", "a\n", "a" * 65, "a.b", "~"])
def test_a_name_that_will_not_do(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no name for an assignment"):
        new.write(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_a_new_course_is_set_up_like_this_one() -> None:
    template = REPO / "autograder" / "templates" / CONFIG
    assert template.read_text() == (REPO / CONFIG).read_text()
