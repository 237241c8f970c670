"""docs/course.md: every objective has an exercise that exists, and every exercise of the course has an objective."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from courses import REPO

from autograder.course import Course

COURSE = Course(REPO)
TEXT = (REPO / "docs" / "course.md").read_text(encoding="utf-8")
NOTEBOOKS = [(name, which) for name in COURSE.assignments() for which in COURSE.notebooks(name)]


@dataclass(frozen=True)
class Row:
    """One row of a table: an objective, and where a notebook checks it."""

    week: str
    objective: str
    notebook: str
    exercises: tuple[str, ...]


def rows() -> Iterator[Row]:
    """The rows of all tables; an empty first cell repeats the objective above it."""
    week = objective = ""
    for line in TEXT.splitlines():
        if line.startswith("### "):
            week, objective = line.removeprefix("### ").split(" ")[0], ""
        elif line.startswith("|") and not re.match(r"\| (Objective|---)", line):
            first, notebook, exercises = (part.strip() for part in line.strip("|").split("|"))
            objective = first or objective
            yield Row(week, objective, notebook.strip("`"), tuple(re.findall(r"`(\w+)`", exercises)))


ROWS = tuple(rows())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.notebook}-{row.objective}")
def test_every_objective_has_exercises_that_exist(row: Row) -> None:
    assert row.objective
    assert row.exercises
    assignment, _, notebook = row.notebook.partition("/")
    assert assignment == row.week
    assert set(row.exercises) <= set(COURSE.read_source(assignment, notebook).exercises)


@pytest.mark.parametrize(("assignment", "notebook"), NOTEBOOKS)
def test_every_exercise_of_every_notebook_is_in_one_row(assignment: str, notebook: str) -> None:
    listed = [name for row in ROWS if row.notebook == f"{assignment}/{notebook}" for name in row.exercises]
    assert sorted(listed) == sorted(COURSE.read_source(assignment, notebook).exercises)
