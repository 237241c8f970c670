"""Known answers to exercises: the wrong ones that checks must catch, the right ones that they must accept.

They lie beside the checks, in ``wrong/<exercise>/<mistake>.py`` and ``right/<exercise>/<way>.py``. Each holds
what a student's solution cell would hold, under a docstring whose first line says what it is; that of a wrong
answer ends with ``Fails:`` and the names of exactly the checks that fail.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import notebook as nb
from .errors import CourseError

WRONG, RIGHT = "wrong", "right"


@dataclass(frozen=True)
class Answer:
    """One known answer.

    Args:
        path: Its file.
        exercise: Id of the exercise's grade cell.
        title: What it is, in words.
        code: What the student's solution cell holds.
        fails: Names of the checks that it fails; empty for a right answer.
    """

    path: Path
    exercise: str
    title: str
    code: str
    fails: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Such as ``huber/mean_for_sum``."""
        return f"{self.exercise}/{self.path.stem}"


def read_all(folder: Path, kind: str) -> tuple[Answer, ...]:
    """The known answers of a notebook, sorted by exercise and name.

    Args:
        folder: The folder of the notebook's checks.
        kind: ``"wrong"`` or ``"right"``.

    Raises:
        CourseError: A file is not an answer.
    """
    return tuple(read(path, kind) for path in sorted((folder / kind).glob("*/*.py")))


def read(path: Path, kind: str) -> Answer:
    """Read one answer.

    Args:
        path: The file.
        kind: ``"wrong"`` or ``"right"``.

    Raises:
        CourseError: It does not parse, has no docstring, or says of a right answer that it fails.
    """
    text = path.read_text(encoding="utf-8")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise CourseError(f"{path}: the answer does not parse: {error}") from None
    told = ast.get_docstring(tree)
    if not told:
        raise CourseError(f"{path}: the answer has no docstring; its first line says what it is")
    code = "".join(text.splitlines(keepends=True)[tree.body[0].end_lineno :]).strip()
    stated = re.search(r"^Fails:(.*)\Z", told, re.DOTALL | re.MULTILINE)
    fails = tuple(re.findall(r"[\w\[\]-]+", stated[1])) if stated else ()
    if bool(fails) != (kind == WRONG):
        raise CourseError(f"{path}: a wrong answer names the checks that fail after 'Fails:', a right one does not")
    return Answer(path, path.parent.name, told.splitlines()[0], code, fails)


def answered(source: nb.Notebook, answers: Iterable[Answer] = ()) -> dict[str, Any]:
    """The instructor's notebook with some exercises answered in another way.

    Args:
        source: The instructor's notebook.
        answers: At most one for each exercise; each replaces its solution cell as a whole.

    Returns:
        nbformat data, as a student would hand it in.

    Raises:
        CourseError: An answer's exercise has no solution cell.
    """
    node: dict[str, Any] = copy.deepcopy(dict(source.node))
    for answer in answers:
        node["cells"][place(source, answer)]["source"] = answer.code
    return node


def untouched(source: nb.Notebook) -> dict[str, Any]:
    """The instructor's notebook as it is handed out: every solution cell a stub."""
    node: dict[str, Any] = copy.deepcopy(dict(source.node))
    for cell in source.code:
        if cell.solution:
            node["cells"][cell.index]["source"] = nb.stub(cell.source)
    return node


def place(source: nb.Notebook, answer: Answer) -> int:
    """Which cell an answer replaces: the solution cell of its exercise that defines a name of the answer's.

    Args:
        source: The instructor's notebook.
        answer: The answer.

    Returns:
        The position of the cell.

    Raises:
        CourseError: Its exercise has no solution cell.
    """
    cells = nb.solution_cells(source).get(answer.exercise, ())
    names = set(nb.definitions(answer.code))
    fitting = [cell for cell in cells if names & set(nb.definitions(cell.source))]
    if not cells:
        raise CourseError(f"{answer.path}: there is no exercise {answer.exercise!r} with a solution cell")
    return (fitting or cells)[0].index
