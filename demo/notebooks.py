"""`make format`: bring the instructor's notebooks to the one form in which they are kept, so that diffs can be read.

That form is what Jupyter writes, line by line, without outputs and counts, with the metadata that nbgrader and the
course use and no other, and with ids that say what a cell is. Ruff formats the code before.

    python -m demo.notebooks              # all notebooks of the course and of `autograder new`
    python -m demo.notebooks FILE…        # these
    python -m demo.notebooks - < in > out # one, as a filter
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat

from autograder import notebook as nb

REPO = Path(__file__).resolve().parent.parent
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
MARKS = frozenset(("grade", "grade_id", "locked", "points", "schema_version", "solution", "task"))  # of nbgrader
LAST = "end"  # what the cells after the last exercise are named after

_READABLE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_GENERATED = re.compile(  # by nbformat, JupyterLab and nbgrader
    r"[0-9a-f]{8}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|cell-[0-9a-f-]+"
)


def every() -> tuple[Path, ...]:
    """The notebooks that people write: those of the course, and the one that `autograder new` begins with."""
    return tuple(
        path
        for folder in ("source", "autograder/templates")
        for path in sorted((REPO / folder).rglob("*.ipynb"))
        if ".ipynb_checkpoints" not in path.parts
    )


def neat(data: bytes) -> str:
    """A notebook's text in the form in which it is kept.

    Args:
        data: The bytes of its file.

    Raises:
        SubmissionError: They are not a notebook.
    """
    notebook = nb.parse(data)
    cells = [_cell(node) for node in notebook.node["cells"]]
    kept = [index for index, cell in enumerate(cells) if cell["source"] or "nbgrader" in cell["metadata"]]
    for index, name in zip(kept, _ids([notebook.cells[index] for index in kept]), strict=True):
        cells[index]["id"] = name
    whole = dict(notebook.node) | {"metadata": METADATA, "cells": [cells[index] for index in kept]}
    return str(nbformat.writes(nbformat.from_dict(whole))).rstrip("\n") + "\n"


def _cell(node: dict[str, Any]) -> dict[str, Any]:
    source = node["source"].replace("\r\n", "\n").strip("\n")
    metadata: dict[str, Any] = {}
    if marks := {name: mark for name, mark in node["metadata"].get("nbgrader", {}).items() if name in MARKS}:
        metadata["nbgrader"] = marks
    if tags := node["metadata"].get("tags"):
        metadata["tags"] = sorted(tags)
    return node | {"source": source, "metadata": metadata}


def _ids(cells: Sequence[nb.Cell]) -> list[str]:
    """An id for each cell: the one that it has where a person can read it, else one that says where it stands.

    A cell that nbgrader knows is named as there. One that Jupyter named is named after the exercise that it leads to.
    """
    exercise, named = LAST, []
    for cell in reversed(cells):
        exercise = _hyphens(cell.grade_id) if cell.is_exercise else exercise
        named.append(f"{exercise}-{'example' if cell.type == 'code' else 'text'}")
    wanted = [_wanted(cell, name) for cell, name in zip(cells, reversed(named), strict=True)]
    names = [""] * len(cells)
    for index in sorted(range(len(cells)), key=lambda index: wanted[index][0]):
        names[index] = next(name for name in _numbered(wanted[index][1]) if name not in names)
    return names


def _wanted(cell: nb.Cell, otherwise: str) -> tuple[int, str]:
    """The name for a cell, and how early it may choose."""
    own = _hyphens(cell.grade_id or cell.id)
    if cell.grade_id:
        return 0, own
    return (1, own) if _READABLE.fullmatch(own) and not _GENERATED.fullmatch(own) else (2, otherwise)


def _hyphens(name: str) -> str:
    return name.replace("_", "-").lower()


def _numbered(name: str) -> Iterator[str]:
    yield name
    for number in itertools.count(2):
        yield f"{name}-{number}"


def main(arguments: Sequence[str] = ()) -> None:
    """Format notebooks.

    Args:
        arguments: Paths, ``-`` for standard input, or nothing for all.
    """
    if list(arguments) == ["-"]:
        sys.stdout.write(neat(sys.stdin.buffer.read()))
        return
    for path in map(Path, arguments) if arguments else every():
        data = path.read_bytes()
        text = neat(data)
        if text.encode() != data:
            path.write_text(text, encoding="utf-8")
            print(f"{path} formatted")


if __name__ == "__main__":
    main(sys.argv[1:])
