"""What a release holds beside the notebook: the visible checks, probes, and the reference's recorded replies.

In ``release/<assignment>/checks/<notebook>/`` lie ``visible.py``, ``probes.py`` where there is one, and
``recorded.json``. Nothing of a hidden check, of the solution, or of the seed used for grading is in them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import notebook as nb
from . import plugin, sandbox
from .course import Course, release_seed
from .errors import CourseError
from .grade import record
from .model import Check
from .student import Recorded, dump_replies

FOLDER = "checks"
MANIFEST = "recorded.json"
SCHEMA = 1


@dataclass(frozen=True)
class Release:
    """The checks of one notebook as a student has them.

    Args:
        folder: Where they lie.
        notebook: Name of the notebook.
        seed: Seed of the recorded inputs.
        exercises: Ids of the grade cells.
        stubs: For each exercise the names to write, with the hash of their stub.
        recorded: Answers for the reference.
    """

    folder: Path
    notebook: str
    seed: int
    exercises: tuple[str, ...]
    stubs: Mapping[str, Mapping[str, str]]
    recorded: Recorded

    @classmethod
    def read(cls, folder: Path) -> Release:
        """Read what :func:`files` wrote.

        Raises:
            CourseError: It is missing, damaged, or of another version.
        """
        path = folder / MANIFEST
        try:
            data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if data["schema"] != SCHEMA:
                raise CourseError(f"{path} was made by another version of tf-autograder; install the course's version")
            return cls(
                folder=folder,
                notebook=folder.name,
                seed=data["seed"],
                exercises=tuple(data["exercises"]),
                stubs=data["stubs"],
                recorded=Recorded(data["replies"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CourseError(f"{path} cannot be read ({error}); fetch the assignment again") from None


def checks(course: Course, assignment: str, notebook: str) -> tuple[Check, ...]:
    """The checks of a notebook, visible and hidden, as they are declared; nothing is run.

    Raises:
        CourseError: Checks and grade cells do not fit together.
    """
    source = course.read_source(assignment, notebook)
    folder = course.checks(assignment, notebook)
    found = plugin.collect(folder, source.exercises)
    for exercise in source.exercises:
        if not any(check.group == exercise for check in found):
            raise CourseError(f"{folder}: the grade cell {exercise!r} has no check; name one test_{exercise}_<what>")
    return found


def points(course: Course, assignment: str, notebook: str) -> dict[str, float]:
    """The points of each grade cell: the sum over its checks.

    Raises:
        CourseError: Checks and grade cells do not fit together.
    """
    totals = dict.fromkeys(course.read_source(assignment, notebook).exercises, 0.0)
    for check in checks(course, assignment, notebook):
        totals[check.group] += check.points
    return totals


def files(course: Course, assignment: str, notebook: str, start: sandbox.Starter | None = None) -> dict[str, bytes]:
    """The files of a release besides the notebook, by their path in the release's folder.

    Args:
        course: The course.
        assignment: Name of the assignment.
        notebook: Name of the notebook in it.
        start: How to start the reference's worker.

    Raises:
        CourseError: The reference does not pass its own visible checks.
    """
    own = start or sandbox.starter()
    try:
        seed = release_seed(assignment, notebook)
        replies = record(course, assignment, notebook, seed, own)
    finally:
        if start is None:
            own.close()
    source = course.read_source(assignment, notebook)
    manifest = {
        "schema": SCHEMA,
        "assignment": assignment,
        "notebook": notebook,
        "seed": seed,
        "exercises": list(source.exercises),
        "stubs": nb.stubs(source),
        "replies": dump_replies(replies),
    }
    folder = course.checks(assignment, notebook)
    found = {MANIFEST: (json.dumps(manifest, indent=1) + "\n").encode()}
    for name in (plugin.VISIBLE, "probes.py"):
        if (folder / name).is_file():
            found[name] = (folder / name).read_bytes()
    return {f"{FOLDER}/{notebook}/{name}": data for name, data in found.items()}
