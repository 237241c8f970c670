"""``autograder new``: write a small assignment that validates, as a start for an instructor.

The files are those of ``templates/``: a notebook with two exercises, their checks, and a wrong and a right answer
to each.
"""

from __future__ import annotations

import re
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from .course import CONFIG, SETTINGS
from .errors import UsageError

NOTEBOOK = "assignment.ipynb"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def write(root: Path, assignment: str) -> tuple[Path, ...]:
    """Write a small assignment into a course; a folder that is no course yet becomes one.

    Args:
        root: The folder of the course.
        assignment: Name of the assignment; its notebook gets the same.

    Returns:
        The files, in the order in which an instructor would read them.

    Raises:
        UsageError: The name will not do, or there is something of that name already.
    """
    files = _files(root, assignment)
    for place in (root / "source" / assignment, root / "tests" / "graded" / assignment):
        if place.exists():
            raise UsageError(f"{place} exists already; nothing was written. Choose another name")
    if (root / CONFIG).exists():
        del files[root / CONFIG]
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "xb") as file:  # never over another file
            file.write(data)
    return tuple(files)


def _files(root: Path, assignment: str) -> dict[Path, bytes]:
    if not _NAME.fullmatch(assignment):
        raise UsageError(
            f"{assignment!r} is no name for an assignment: take letters, digits, - and _, "
            "and begin with a letter or a digit"
        )
    templates = resources.files("autograder").joinpath("templates")
    graded = root / "tests" / "graded" / assignment
    found = {root / CONFIG: templates.joinpath(CONFIG).read_bytes()}
    found[root / "source" / assignment / f"{assignment}.ipynb"] = templates.joinpath(NOTEBOOK).read_bytes()
    for name in ("visible.py", "hidden.py"):
        found[graded / assignment / name] = templates.joinpath(name).read_bytes()
    for kind in ("wrong", "right"):
        for exercise in _sorted(templates.joinpath(kind)):
            for answer in _sorted(exercise):
                found[graded / assignment / kind / exercise.name / answer.name] = answer.read_bytes()
    found[graded / SETTINGS] = templates.joinpath(SETTINGS).read_bytes()
    return found


def _sorted(folder: Traversable) -> list[Traversable]:
    return sorted((entry for entry in folder.iterdir() if entry.name != "__pycache__"), key=lambda entry: entry.name)
