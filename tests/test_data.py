"""Copies of data sets for workers: prepared once, read by all, written by none."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from courses import SQUARE, Shared, notebook, submit, write_course

from autograder import sandbox
from autograder.cli import main
from autograder.course import Course
from autograder.data import VARIABLE, Copies
from autograder.errors import CourseError, DataError
from autograder.grade import Grader
from autograder.model import Status

LOAD = """import autograder.datasets
import tensorflow_datasets as tfds

rows, info = tfds.load("linnerud", split="train[:10]", as_supervised=True, with_info=True)
total = sum(float(tf.reduce_sum(x)) for x, _ in rows)
folder = info.data_dir"""

# What a notebook can find out about its copy, and do to it.
TAMPER = """import os, pathlib
place = pathlib.Path(folder)
tried = []
for action in (
    lambda: (place / "new").write_text("x"),
    lambda: (place / "dataset_info.json").write_text("x"),
    lambda: (place / "dataset_info.json").unlink(),
    lambda: place.rename(place.with_name("2.0.0")),
    lambda: (place.parent.parent / "wine").mkdir(),
):
    try:
        action()
    except OSError as error:
        tried.append(type(error).__name__)"""

VISIBLE = """
import os
import pytest

@pytest.mark.points(1)
def test_square_value(student, reference, draw):
    '''The data is there, and is the same for all.'''
    assert student.total.value == reference.total.value > 0
    assert student.folder.value == reference.folder.value

@pytest.mark.points(1)
def test_cube_value(student, reference, draw):
    '''Nobody can change it.'''
    assert len(student.tried.value) == 5
"""


@pytest.fixture
def with_data(tmp_path: Path) -> Course:
    """The small course, with a notebook that loads a data set and tries to change it."""
    course = write_course(tmp_path / "course", visible=VISIBLE, hidden="")
    source = course.root / "source/small/powers.ipynb"
    source.write_text(json.dumps(notebook(extra=(LOAD, TAMPER))))
    settings = course.root / "tests/graded/small/settings.toml"
    settings.write_text('data = ["linnerud"]\nisolation = "L1"\n' + settings.read_text())
    return course


def test_workers_read_the_copy_and_cannot_write_it(with_data: Course, starter: sandbox.Starter) -> None:
    if starter.machine.choice.level < "L1":
        pytest.skip("workers are held by nothing here")
    path = submit(with_data, "ada", notebook(square=SQUARE + "\n\n# mine", extra=(LOAD, TAMPER)))
    with Grader(with_data, seed=1, start=Shared(starter)) as grader:
        result = grader.grade_file(path, "small", "powers").result
    assert not result.cells
    assert [outcome.status for outcome in result.outcomes] == [Status.PASSED] * 2, result.outcomes


def test_a_data_set_that_is_not_declared_is_made_by_the_worker(with_data: Course, starter: sandbox.Starter) -> None:
    other = LOAD.replace("linnerud", "diabetes")
    path = submit(with_data, "ada", notebook(extra=(other, TAMPER)))
    with Grader(with_data, seed=1, start=Shared(starter)) as grader:
        graded = grader.grade_file(path, "small", "powers")
    assert not graded.result.cells


@pytest.mark.parametrize("make", [sandbox.Zygote, sandbox.ColdStarter])
def test_starters_prepare_in_processes_of_their_own(
    make: type[sandbox.Zygote | sandbox.ColdStarter], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if make is sandbox.Zygote and sys.platform != "linux":
        pytest.skip("there is no zygote here")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = set(sys.modules)
    start = make()
    try:
        start.prepare(["linnerud"])
        (folder,) = start._data.folders
        assert {path.name for path in Path(folder).iterdir()} == {"linnerud"}
        with pytest.raises(DataError, match=r"^the data sets beer cannot be prepared: there is no data set 'beer'"):
            start.prepare(["linnerud", "beer"])
        start.prepare(["linnerud"])  # is there already
        assert start._data.folders == (folder,)
    finally:
        start.close()
    assert not list(tmp_path.iterdir())
    assert "tensorflow_datasets" not in set(sys.modules) - before


def test_nothing_is_prepared_for_a_course_that_declares_nothing(course: Course) -> None:
    assert course.data("small") == ()
    copies = Copies(lambda names, folder: pytest.fail("prepared"))
    copies.provide(course.data("small"))
    assert (copies.folders, copies.environment()) == ((), {})
    copies.close()


def test_everyone_can_read_what_was_prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def prepare(names: object, folder: str) -> str:
        os.mkdir(f"{folder}/wine", 0o700)
        Path(folder, "wine", "data").touch(0o600)
        return ""

    copies = Copies(prepare)
    copies.provide(["wine"])
    (folder,) = copies.folders
    modes = {path.name: path.stat().st_mode & 0o777 for path in (Path(folder), *Path(folder).rglob("*"))}
    assert modes == {Path(folder).name: 0o755, "wine": 0o755, "data": 0o644}
    assert copies.environment() == {VARIABLE: folder}
    copies.close()
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_prepared_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    copies = Copies(lambda names, folder: "the disk is full")
    with pytest.raises(DataError, match="the data sets wine, roses cannot be prepared: the disk is full"):
        copies.provide(["wine", "roses"])
    assert copies.folders == ()
    copies.close()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("value", ['"wine"', "[1]", '["../wine"]', "{}"])
def test_data_is_a_list_of_names(course: Course, value: str) -> None:
    (course.root / "tests/graded/small/settings.toml").write_text(f"data = {value}\n")
    with pytest.raises(CourseError, match=r"settings\.toml: data is a list of names"):
        course.data("small")


def test_data_is_no_limit(course: Course) -> None:
    (course.root / "tests/graded/small/settings.toml").write_text('data = ["wine"]\ncell_seconds = 7\n')
    assert course.limits("small").cell_seconds == 7
    assert course.data("small") == ("wine",)


def test_the_command_line_tells_an_unknown_name(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    settings = course.root / "tests/graded/small/settings.toml"
    settings.write_text('data = ["beer"]\n' + settings.read_text())
    path = submit(course, "ada", notebook())
    assert main(["grade", str(path), "--course", str(course.root)]) == 1
    assert "there is no data set 'beer' (there are: wdbc_original" in capsys.readouterr().err
