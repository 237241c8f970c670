"""A small course for tests: one assignment, one notebook, two exercises."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder import isolation, sandbox
from autograder.course import Course

REPO = Path(__file__).resolve().parent.parent

SQUARE = "def square(x):\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION"
CUBE = "def cube(x):\n    ### BEGIN SOLUTION\n    return x**3\n    ### END SOLUTION"
STUB = "def {}(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"

VISIBLE = '''
import pytest
from autograder.expect import assert_close

@pytest.mark.points(2, hint="Multiply each element by itself.")
def test_square_value(student, reference, draw):
    """square multiplies each element by itself."""
    x = draw.normal(5)
    assert_close(student.square(x), reference.square(x))

@pytest.mark.points(1)
def test_cube_value(student, reference, draw):
    """cube multiplies each element by its square."""
    x = draw.normal(2, 3)
    assert_close(student.cube(x), reference.cube(x))
'''
HIDDEN = '''
import pytest
from autograder.expect import assert_close, assert_connected

@pytest.mark.points(3, needs="test_square_value", hint="What does the tape see?")
def test_square_gradient(student, reference, draw):
    """square has the right gradient."""
    x = draw.normal(4)
    gradient = student.square.gradient(x)
    assert_connected(gradient)
    assert_close(gradient, reference.square.gradient(x))
'''


def marks(grade_id: str, **changes: Any) -> dict[str, Any]:
    """nbgrader's metadata of a cell."""
    base = {
        "grade_id": grade_id,
        "schema_version": 3,
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
    }
    return {"nbgrader": base | changes}


def code(cell_id: str, source: str, metadata: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A code cell."""
    cell = {"cell_type": "code", "id": cell_id, "metadata": dict(metadata or {}), "source": source}
    return cell | {"execution_count": None, "outputs": []}


def notebook(square: str = SQUARE, cube: str = CUBE, extra: Sequence[str] = ()) -> dict[str, Any]:
    """The notebook of the small course, with the texts of its two solution cells, and cells after the imports."""
    cells = [
        code("setup", "import tensorflow as tf\nfrom autograder import check", marks("setup", locked=True)),
        *(code(f"extra-{index}", source) for index, source in enumerate(extra)),
        code("square-solution", square, marks("square-solution", solution=True)),
        code("square", 'check("square")', marks("square", grade=True, locked=True, points=0)),
        code("cube-solution", cube, marks("cube-solution", solution=True)),
        code("cube", 'check("cube")', marks("cube", grade=True, locked=True, points=0)),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}


def write_course(root: Path, visible: str = VISIBLE, hidden: str = HIDDEN) -> Course:
    """The small course: assignment ``small`` with the notebook ``powers``, 6 points."""
    for folder in ("source/small", "tests/graded/small/powers", "submitted"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    shutil.copy(REPO / "nbgrader_config.py", root)
    (root / "source/small/powers.ipynb").write_text(json.dumps(notebook()))
    (root / "tests/graded/small/powers/visible.py").write_text(visible)
    (root / "tests/graded/small/powers/hidden.py").write_text(hidden)
    (root / "tests/graded/small/settings.toml").write_text("cell_seconds = 10\nrequest_seconds = 3\n")
    return Course(root)


def submit(course: Course, student: str, content: Mapping[str, Any] | bytes) -> Path:
    """Hand in a notebook of the small course."""
    path = course.root / "submitted" / student / "small" / "powers.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


class Shared:
    """A starter whose close does nothing: the session closes it."""

    def __init__(self, start: sandbox.Starter) -> None:
        self._start = start
        self.start = start.start
        self.prepare = start.prepare
        self.warm_up = start.warm_up

    @property
    def machine(self) -> isolation.Machine:
        return self._start.machine

    def close(self) -> None:
        pass
