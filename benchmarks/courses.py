"""Two courses with the same submissions: ours, and one that stock nbgrader grades with assertion cells."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder import notebook as nb
from autograder.course import Course
from demo.__main__ import make_course
from demo.classroom import NOTEBOOK, large_class

from . import kernel
from .checks import Plan

REPO = Path(__file__).resolve().parent.parent
ASSIGNMENT = "c2w1"
# Stock nbgrader waits 30 s for the first and stops at the second.
NOT_FOR_STOCK = ("endless-loop", "not-a-notebook")

Submission = tuple[str, bytes]


def choose(course: Course, count: int) -> list[Submission]:
    """Some submissions of the demonstration's class, spread evenly over it; more than it has are copies.

    A cell that the grader skips carries stock nbgrader's tag for that too, so that both run the same cells.

    Args:
        course: A course that has week 1.
        count: How many.

    Returns:
        Students, each with a name of its own, and the bytes of their notebooks.
    """
    source = course.read_source(ASSIGNMENT, NOTEBOOK)
    every = [each for each in large_class(course, ASSIGNMENT) if not each[0].endswith(NOT_FOR_STOCK)]
    spread = [every[index * len(every) // count] for index in range(count)] if count < len(every) else every
    tagged = [(student, _skipped_by_stock_too(content, source)) for student, content in spread]
    return [(f"{index:04}-{tagged[index % len(tagged)][0]}", tagged[index % len(tagged)][1]) for index in range(count)]


def _skipped_by_stock_too(content: bytes, source: nb.Notebook) -> bytes:
    node = json.loads(content)
    for step in nb.steps(nb.parse(content), source):
        cell = node["cells"][step.index]
        if step.skip and nb.SKIP_TAG in cell["metadata"].get("tags", []):
            cell["metadata"]["tags"] = [*cell["metadata"]["tags"], "skip-execution"]
    return json.dumps(node, indent=1).encode()


def ours(root: Path) -> Course:
    """Make our course in a folder, with its release."""
    course = make_course(root)
    generate(root)
    return course


def plan_of(course: Course) -> Plan:
    """What it takes to run the course's checks without the grader, with the inputs that the grader draws."""
    return Plan(
        folder=course.checks(ASSIGNMENT, NOTEBOOK),
        exercises=course.read_source(ASSIGNMENT, NOTEBOOK).exercises,
        seed=course.seed(ASSIGNMENT, NOTEBOOK),
        probes=course.probes(ASSIGNMENT, NOTEBOOK),
    )


def stock(root: Path, course: Course, plan: Path) -> None:
    """Make the course for stock nbgrader in a folder, with its release.

    Args:
        root: The folder.
        course: Our course.
        plan: File of the plan that its grade cells run.
    """
    path = root / "source" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(stock_notebook(course.read_source(ASSIGNMENT, NOTEBOOK), plan)))
    (root / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "stock"\n')
    generate(root)


def stock_notebook(source: nb.Notebook, plan: Path) -> dict[str, Any]:
    """The instructor's notebook for stock nbgrader: its grade cells run the checks as hidden tests.

    Args:
        source: Our notebook.
        plan: File of the plan.

    Returns:
        nbformat data.
    """
    node: dict[str, Any] = json.loads(json.dumps(source.node))
    for cell in source.code:
        if cell.is_exercise:
            node["cells"][cell.index]["source"] = (
                "### BEGIN HIDDEN TESTS\n"
                f"from {kernel.__name__} import grade\n"
                f"grade({cell.grade_id!r}, globals(), {str(plan)!r})\n"
                "### END HIDDEN TESTS"
            )
            node["cells"][cell.index]["metadata"]["nbgrader"]["points"] = 1
    return node


def generate(root: Path) -> None:
    """Make the release of a course, and keep the gradebook of before any grading."""
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", ASSIGNMENT, "--force"]
    done = subprocess.run(command, cwd=root, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"nbgrader generate_assignment failed: {done.stderr[-2000:]}")
    shutil.copy(root / "gradebook.db", root / "gradebook.before")


def environment() -> dict[str, str]:
    """The environment of a command: kernels find this package in it, and nbgrader the tools that it calls."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PYTHONPATH": str(REPO), "PATH": path}


def hand_in(root: Path, students: Iterable[Submission]) -> None:
    """Put the submissions of a class in place of those that are there, and forget all grading."""
    for folder in ("submitted", "autograded", "feedback"):
        shutil.rmtree(root / folder, ignore_errors=True)
    shutil.copy(root / "gradebook.before", root / "gradebook.db")
    for student, content in students:
        path = submitted(root, student)
        path.parent.mkdir(parents=True)
        path.write_bytes(content)


def submitted(root: Path, student: str) -> Path:
    """Where a student's notebook lies."""
    return root / "submitted" / student / ASSIGNMENT / f"{NOTEBOOK}.ipynb"


def autograded(root: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The autograded notebooks of a course, with the student of each."""
    for path in sorted((root / "autograded").glob(f"*/{ASSIGNMENT}/{NOTEBOOK}.ipynb")):
        yield path.parent.parent.name, json.loads(path.read_bytes())


def passed_in_stock(node: Mapping[str, Any]) -> tuple[int, int]:
    """How many checks the grade cells of an autograded stock notebook say that passed, and of how many."""
    passed = ran = 0
    for cell in node["cells"]:
        for output in cell.get("outputs", ()):
            for line in "".join(output.get("text", "")).splitlines():
                if line.startswith(kernel.SAYS):
                    first, _, second = line.removeprefix(kernel.SAYS).partition(" of ")
                    passed, ran = passed + int(first), ran + int(second)
    return passed, ran
