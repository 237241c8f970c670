"""The submissions of a made-up class, from the known wrong and right answers of a week's assignment."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder import answers
from autograder.answers import Answer
from autograder.course import Course
from autograder.notebook import Notebook, stubs

NOTEBOOK = "assignment"
MIXED = ("bruno", "chiara", "deniz", "emeka", "fatima", "goran", "hana", "ivan", "jun", "kofi", "leila", "mateo")

PATCHES = """
import numpy.testing, pytest, tensorflow as tf

def nothing(*args, **kwargs):
    return None

for module in (numpy.testing, tf.debugging):
    for name in dir(module):
        if name.startswith("assert"):
            setattr(module, name, nothing)
pytest.fail = pytest.raises = nothing

class Equal:
    __eq__ = lambda self, other: True
    __array__ = lambda self, *args, **kwargs: __import__("numpy").zeros(3)
"""
NOISE = """
import logging, sys, warnings
warnings.warn("this computer is old")
logging.warning("the fan is loud")
print("nothing to see here", file=sys.stderr)
"""


def large_class(course: Course, assignment: str) -> Iterator[tuple[str, bytes]]:
    """Twenty students, of all kinds, with the bytes of the notebook that each handed in.

    Args:
        course: The course.
        assignment: The week.
    """
    source = course.read_source(assignment, NOTEBOOK)
    first, second, *_ = source.exercises
    yield "ada-perfect", _bytes(answers.answered(source))
    yield from _mixed(course, assignment, MIXED)
    yield "nina-untouched", _bytes(answers.untouched(source))
    yield "olga-syntax-error", _bytes(_replaced(source, {first: f"def {first}(:\n    return"}))
    yield "pablo-exception", _bytes(_with_cell(source, "raise RuntimeError('the kernel was on fire')"))
    yield "quinn-endless-loop", _bytes(_replaced(source, {second: _looping(source, second)}))
    yield "rosa-noisy", _bytes(_with_cell(source, NOISE))
    yield "sam-cheat", _cheat(source)
    yield "tove-not-a-notebook", b"Dear instructor, my notebook is attached to the other mail.\n"


def small_class(course: Course, assignment: str) -> Iterator[tuple[str, bytes]]:
    """Six students: all right, three with mistakes of their own, one who did nothing, one who cheats.

    Args:
        course: The course.
        assignment: The week.
    """
    source = course.read_source(assignment, NOTEBOOK)
    yield "ada-perfect", _bytes(answers.answered(source))
    yield from _mixed(course, assignment, MIXED[:3])
    yield "nina-untouched", _bytes(answers.untouched(source))
    yield "sam-cheat", _cheat(source)


def _mixed(course: Course, assignment: str, students: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Students who get some exercises wrong, more of them from one student to the next.

    Of what they get right, every third answer goes another way than the instructor's.
    """
    source = course.read_source(assignment, NOTEBOOK)
    checks = course.checks(assignment, NOTEBOOK)
    wrong = _by_exercise(answers.read_all(checks, answers.WRONG))
    right = _by_exercise(answers.read_all(checks, answers.RIGHT))
    for number, student in enumerate(students, start=1):
        chosen = []
        for place, exercise in enumerate(source.exercises):
            is_wrong = (place * 5 + number) % (len(students) + 1) < number
            if is_wrong or (place + number) % 3 == 0:
                pool = (wrong if is_wrong else right)[exercise]
                chosen.append(pool[number % len(pool)])
        yield student, _bytes(answers.answered(source, chosen))


def _by_exercise(found: tuple[Answer, ...]) -> dict[str, list[Answer]]:
    grouped: dict[str, list[Answer]] = {}
    for answer in found:
        grouped.setdefault(answer.exercise, []).append(answer)
    return grouped


def _bytes(node: Mapping[str, Any]) -> bytes:
    return json.dumps(node, indent=1).encode()


def _cheat(source: Notebook) -> bytes:
    """Every answer equals everything, and every assertion is switched off."""
    cheats = {exercise: _always_equal(source, exercise) for exercise in source.exercises}
    return _bytes(_with_cell(source, PATCHES, _replaced(source, cheats)))


def _replaced(source: Notebook, code: Mapping[str, str]) -> dict[str, Any]:
    """The notebook with the solution cells of some exercises replaced."""
    node = answers.answered(source)
    for cell in source.code:
        exercise = cell.grade_id.removesuffix("-solution")
        if cell.solution and exercise in code:
            node["cells"][cell.index]["source"] = code[exercise]
    return node


def _with_cell(source: Notebook, code: str, node: dict[str, Any] | None = None) -> dict[str, Any]:
    """The notebook with a cell of the student's own after the first code cell."""
    node = node or answers.answered(source)
    cell = {"cell_type": "code", "id": "mine", "metadata": {}, "source": code.strip()}
    node["cells"].insert(source.code[0].index + 1, cell | {"execution_count": None, "outputs": []})
    return node


def _looping(source: Notebook, exercise: str) -> str:
    return "\n".join(
        f"def {name}(*args, **kwargs):\n    while True:\n        pass" for name in _names(source, exercise)
    )


def _always_equal(source: Notebook, exercise: str) -> str:
    return "\n".join(f"def {name}(*args, **kwargs):\n    return Equal()" for name in _names(source, exercise))


def _names(source: Notebook, exercise: str) -> tuple[str, ...]:
    return tuple(stubs(source)[exercise])
