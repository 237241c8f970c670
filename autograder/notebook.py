"""Notebook files ↔ cells: reading what students hand in, restoring what is the instructor's, stubs.

A submission is bytes from a stranger. :func:`read` takes them apart with every size and type checked and
builds a fresh notebook of the parts that grading needs, so nothing after it meets a malformed one.
The format is nbformat 4 (https://nbformat.readthedocs.io/en/latest/format_description.html).
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import hashlib
import itertools
import json
import math
import os
import re
import stat
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import CourseError, SubmissionError
from .names import MAX_PARSED, names

MAX_BYTES = 64 << 20  # of a submitted file, outputs included
MAX_PARTS = 4_000_000  # commas and brackets: each may become a Python object of up to 240 bytes
MAX_SOURCE = 1 << 20  # characters of code and text in one notebook
MAX_CELLS = 5_000
SKIP_TAG = "skip-grading"

_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_INT64 = 1 << 63


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook.

    Args:
        index: Position in the notebook.
        id: The cell's own id (nbformat 4.5).
        type: ``"code"``, ``"markdown"`` or ``"raw"``.
        source: Its text.
        grade_id: Its id in nbgrader's metadata, or ``""``.
        grade: nbgrader gives points for it.
        solution: The student is to write in it.
        locked: The student is not to change it.
        tags: Its Jupyter tags.
    """

    index: int
    id: str
    type: str
    source: str
    grade_id: str = ""
    grade: bool = False
    solution: bool = False
    locked: bool = False
    tags: tuple[str, ...] = ()

    @property
    def is_exercise(self) -> bool:
        """Whether checks give points for this cell: a grade cell that is not written by the student."""
        return self.grade and not self.solution and self.type == "code"


@dataclass(frozen=True)
class Notebook:
    """A notebook that has been read and checked.

    Args:
        cells: Its cells, in order.
        node: The same as nbformat data (JSON-ready dicts and lists), for writing; without outputs.
    """

    cells: tuple[Cell, ...]
    node: Mapping[str, Any]

    @property
    def code(self) -> tuple[Cell, ...]:
        """The code cells."""
        return tuple(cell for cell in self.cells if cell.type == "code")

    @property
    def exercises(self) -> tuple[str, ...]:
        """Ids of the grade cells that checks stand behind."""
        return tuple(cell.grade_id for cell in self.cells if cell.is_exercise)


def read(path: Path) -> Notebook:
    """Read a submitted notebook.

    Args:
        path: The file.

    Raises:
        SubmissionError: The file is missing, is not a plain file, is too large, or is not a notebook.
    """
    return parse(_read_bytes(path))


def read_source(path: Path) -> Notebook:
    """Read a notebook of the instructor's.

    Raises:
        CourseError: It is missing or malformed.
    """
    try:
        return read(path)
    except SubmissionError as error:
        raise CourseError(f"{path}: {error}") from None


def _read_bytes(path: Path) -> bytes:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            raise SubmissionError("symlink", "The notebook is a symbolic link. Hand in the file itself.")
        if stat.S_ISDIR(mode):
            raise SubmissionError("not_a_file", "There is a folder where the notebook should be.")
        if not stat.S_ISREG(mode):
            raise SubmissionError("not_a_file", "The notebook is not a plain file.")
        # Checked again once it is open: the name may have been given to something else in between.
        with open(os.open(path, flags), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise SubmissionError("not_a_file", "The notebook is not a plain file.")
            if found.st_size > MAX_BYTES:
                raise SubmissionError("too_large", _too_large(found.st_size))
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise SubmissionError("missing", f"There is no file {path.name!r}.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SubmissionError("unreadable", f"The notebook cannot be read: {reason}.") from None
    if len(data) > MAX_BYTES:
        raise SubmissionError("too_large", _too_large(len(data)))
    return data


def _too_large(size: int) -> str:
    return (
        f"The notebook is {size >> 20} MB large; at most {MAX_BYTES >> 20} MB are read. "
        "Clear its outputs (Kernel, Restart and Clear Outputs), save it and hand it in again."
    )


def parse(data: bytes) -> Notebook:
    """Turn the bytes of a notebook file into a checked notebook.

    Args:
        data: The file's bytes.

    Raises:
        SubmissionError: They are not a notebook of nbformat 4; the kind and the message say why.
    """
    if not data.strip():
        raise SubmissionError("empty", "The file is empty. Save the notebook and hand it in again.")
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06") or data[:2] == b"\x1f\x8b":
        raise SubmissionError(
            "archive", "The file is an archive, not a notebook. Unpack it and hand in the .ipynb file."
        )
    if data[:3] == b"\xef\xbb\xbf" or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise SubmissionError(
            "encoding", "The file starts with a byte-order mark. Open it in Jupyter and save it as plain UTF-8."
        )
    if b"\0" in data:  # JSON has none, and UTF-16 has one beside each Latin letter
        raise SubmissionError(
            "encoding", "The file holds NUL bytes: it is damaged, or not saved as UTF-8. Save it in Jupyter again."
        )
    if data.count(b",") + data.count(b"[") + data.count(b"{") > MAX_PARTS:
        raise SubmissionError(
            "too_large", "The file has too many parts for a notebook. Clear its outputs, save it and hand it in again."
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SubmissionError(
            "encoding", f"The file is not UTF-8 text (byte {error.start}). Save it in Jupyter."
        ) from None
    try:
        node = json.loads(text, parse_constant=_reject_constant, parse_int=_parse_int)
    except RecursionError:
        raise SubmissionError("not_json", "The file is nested too deeply to be a notebook.") from None
    except json.JSONDecodeError as error:
        raise SubmissionError(
            "not_json",
            f"The file is not a whole notebook: {error.msg} in line {error.lineno}. "
            "Save it in Jupyter and hand it in again.",
        ) from None
    return _build(node)


def from_node(node: Any) -> Notebook:
    """A checked notebook of data that has been read already.

    Args:
        node: nbformat 4 data; outputs are dropped.

    Raises:
        SubmissionError: As for :func:`parse`.
    """
    return _build(node)


def _reject_constant(name: str) -> Any:
    raise SubmissionError("not_json", f"The file holds {name}, which JSON does not have. Save it in Jupyter again.")


def _parse_int(digits: str) -> int:
    if len(digits) > 20 or not -_INT64 <= int(digits) < _INT64:
        raise SubmissionError(
            "malformed", f"The file holds a number of {len(digits)} digits where a notebook has none."
        )
    return int(digits)


def _malformed(what: str) -> SubmissionError:
    return SubmissionError("malformed", f"The file is not a well-formed notebook: {what}. Save it in Jupyter again.")


def _build(node: Any) -> Notebook:
    if type(node) is not dict:
        raise SubmissionError("not_a_notebook", f"The file holds a JSON {_json_type(node)}, not a notebook.")
    if "nbformat" not in node or ("cells" not in node and "worksheets" not in node):
        raise SubmissionError("not_a_notebook", "The file is JSON but not a notebook: it has no nbformat and cells.")
    major, minor = node["nbformat"], node.get("nbformat_minor", 0)
    if type(major) is not int or type(minor) is not int:
        raise _malformed("nbformat is not a whole number")
    if major != 4:
        raise SubmissionError(
            "nbformat",
            f"The notebook is of format {major}; format 4 is read. Open it in a current Jupyter and save it.",
        )
    if type(node.get("metadata")) is not dict:
        raise _malformed("its metadata is not an object")
    if type(node.get("cells")) is not list:
        raise _malformed("its cells are not a list")
    if len(node["cells"]) > MAX_CELLS:
        raise SubmissionError(
            "too_large", f"The notebook has {len(node['cells'])} cells; at most {MAX_CELLS} are read."
        )
    cells: list[Cell] = []
    nodes: list[dict[str, Any]] = []
    ids = _cell_ids(node["cells"])
    for index, raw in enumerate(node["cells"]):
        clean = _clean_cell(raw, index)
        clean["id"] = ids[index]
        nodes.append(clean)
        cells.append(_cell(clean, index))
    if sum(len(cell.source) for cell in cells) > MAX_SOURCE:
        raise SubmissionError("too_large", f"The notebook's text is over {MAX_SOURCE >> 20} million characters long.")
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": _notebook_metadata(node["metadata"]), "cells": nodes}
    try:
        json.dumps(whole, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise SubmissionError(
            "encoding", "The file holds half of a character (a lone surrogate). Type it anew."
        ) from None
    return Notebook(tuple(cells), whole)


def _json_type(value: Any) -> str:
    names = {list: "list", str: "string", type(None): "null", bool: "true or false"}
    return names.get(type(value), "number")


def _cell_ids(cells: list[Any]) -> list[str]:
    """The id of each cell: its own, or one that no other has where an older notebook gives none."""
    taken: set[str] = set()
    for index, raw in enumerate(cells):
        if type(raw) is not dict or "id" not in raw:
            continue
        if type(raw["id"]) is not str or not _CELL_ID.fullmatch(raw["id"]):
            shown = repr(raw["id"][:40]) if type(raw["id"]) is str else f"that is a {_json_type(raw['id'])}"
            raise _malformed(f"cell {index + 1} has an id {shown}")
        if raw["id"] in taken:
            raise SubmissionError(
                "duplicate_ids",
                f"Cell {index + 1} has the same id as another ({raw['id']!r}). Save the notebook in Jupyter.",
            )
        taken.add(raw["id"])
    ids: list[str] = []
    for index, raw in enumerate(cells):
        if type(raw) is dict and "id" in raw:
            ids.append(raw["id"])
            continue
        names = (f"cell-{index}-{attempt}" if attempt else f"cell-{index}" for attempt in itertools.count())
        ids.append(next(name for name in names if name not in taken))
        taken.add(ids[-1])
    return ids


# Of the metadata only what grading and nbgrader use is kept, where it is of the right type: anything may stand
# in the rest, and nbformat and nbgrader refuse to write a notebook that holds what they do not know.
_MARKS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("grade", "solution", "locked", "task"), (bool,)),
    **dict.fromkeys(("grade_id", "cell_type", "checksum"), (str,)),
    "schema_version": (int,),
    "points": (int, float),
}


def _notebook_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, needed in (("kernelspec", ("name", "display_name")), ("language_info", ("name",))):
        found = metadata.get(name)
        if type(found) is dict and all(type(found.get(key)) is str for key in needed):
            kept[name] = {key: value for key, value in found.items() if type(value) is str}
    return kept


def _cell_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    found = metadata.get("nbgrader", {})
    marks = {name: found[name] for name, kinds in _MARKS.items() if type(found.get(name)) in kinds}
    if not math.isfinite(marks.get("points", 0)):
        del marks["points"]
    if marks:
        kept["nbgrader"] = marks
    tags = [tag for tag in dict.fromkeys(metadata.get("tags", ())) if tag and "," not in tag]
    if tags:
        kept["tags"] = tags
    return kept


def _clean_cell(raw: Any, index: int) -> dict[str, Any]:
    where = f"cell {index + 1}"
    if type(raw) is not dict:
        raise _malformed(f"{where} is not an object")
    if raw.get("cell_type") not in ("code", "markdown", "raw"):
        raise _malformed(f"{where} is of no known type")
    source = raw.get("source")
    if type(source) is list and all(type(line) is str for line in source):
        source = "".join(source)
    if type(source) is not str:
        raise _malformed(f"the source of {where} is not text")
    if "\0" in source:
        raise _malformed(f"the source of {where} holds a NUL character")
    metadata = raw.get("metadata")
    if type(metadata) is not dict:
        raise _malformed(f"the metadata of {where} is not an object")
    marks, tags = metadata.get("nbgrader", {}), metadata.get("tags", [])
    if type(marks) is not dict or type(marks.get("grade_id", "")) is not str:
        raise _malformed(f"nbgrader's metadata of {where} is not what nbgrader writes")
    if type(tags) is not list or not all(type(tag) is str for tag in tags):
        raise _malformed(f"the tags of {where} are not a list of words")
    clean: dict[str, Any] = {"cell_type": raw["cell_type"], "metadata": _cell_metadata(metadata), "source": source}
    if raw["cell_type"] == "code":
        clean |= {"execution_count": None, "outputs": []}
    elif _well_formed_attachments(raw.get("attachments")):
        clean["attachments"] = raw["attachments"]
    return clean


def _well_formed_attachments(attachments: Any) -> bool:
    """Whether these are attachments as nbformat describes them: pictures (base64 text) by name and MIME type."""
    return type(attachments) is dict and all(
        type(bundle) is dict and all(type(content) is str for content in bundle.values())
        for bundle in attachments.values()
    )


def _cell(node: Mapping[str, Any], index: int) -> Cell:
    marks = node["metadata"].get("nbgrader", {})
    return Cell(
        index=index,
        id=node["id"],
        type=node["cell_type"],
        source=node["source"],
        grade_id=marks.get("grade_id", ""),
        grade=marks.get("grade") is True,
        solution=marks.get("solution") is True,
        locked=marks.get("locked") is True,
        tags=tuple(node["metadata"].get("tags", ())),
    )


# ---- what runs ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A code cell as the worker is to run it.

    Args:
        index: Position of the cell in the student's notebook.
        id: The cell's id.
        source: The code to run.
        skip: Not to be run.
    """

    index: int
    id: str
    source: str
    skip: bool = False


def steps(student: Notebook, source: Notebook, *, whole: bool = False) -> tuple[Step, ...]:
    """The code cells of a student's notebook, with what is the instructor's restored.

    Only the instructor's notebook says which cells are graded, locked or skipped. A cell with the id of a
    locked cell gets the instructor's text, so that an edited import does not cost the student the notebook.
    Cells with the id of a grade cell are not run: they call ``check``, and checking is done from outside.
    A cell that the instructor tagged ``skip-grading`` is skipped while its text is still the instructor's and no cell
    that runs uses a name that it defines.

    Args:
        student: The submission (or the instructor's notebook itself).
        source: The instructor's notebook.
        whole: Run the cells that are tagged to be skipped, too.
    """
    exercises = set(source.exercises)
    # As for nbgrader, what is to be written is not locked: its text is the solution, which no worker may see.
    locked = {cell.grade_id: cell.source for cell in source.code if cell.locked and not (cell.grade or cell.solution)}
    tagged = {normalized(cell.source) for cell in source.code if SKIP_TAG in cell.tags and not whole}
    result, shown = [], []
    for cell in student.code:
        text = locked.get(cell.grade_id, cell.source) if cell.grade_id else cell.source
        is_check, is_shown = cell.grade_id in exercises, normalized(text) in tagged
        step = Step(cell.index, cell.id, text, skip=is_check or is_shown)
        result.append(step)
        if is_shown and not is_check:
            shown.append(step)
    needed = _needed(shown, [step for step in result if not step.skip])
    return tuple(dataclasses.replace(step, skip=False) if step in needed else step for step in result)


def _needed(shown: Sequence[Step], run: Sequence[Step]) -> list[Step]:
    """Those demonstrations that define names which the other cells use, directly or through one another."""
    waiting = [step for step in shown if names(step.source).defined]
    if not waiting:
        return []
    used = set().union(*(names(step.source).used for step in run))
    needed: list[Step] = []
    while more := [step for step in waiting if step not in needed and names(step.source).defined & used]:
        needed += more
        used |= set().union(*(names(step.source).used for step in more))
    return needed


def normalized(source: str) -> str:
    """The text of a cell without the differences that do not count: line ends and blanks at the ends of lines."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


# ---- stubs -------------------------------------------------------------------------------------------

_BEGUN = re.compile(r"^(\w+) *(?::[^=\n]*)?=(?!=)", re.MULTILINE)  # an assignment
_SOLUTION = re.compile(r"^([ \t]*)#+ BEGIN SOLUTION.*?^[ \t]*#+ END SOLUTION[^\n]*$", re.DOTALL | re.MULTILINE)
_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def stub(source: str) -> str:
    """The text of a solution cell as students get it: what nbgrader's ClearSolutions makes of it.

    Args:
        source: The instructor's cell. A solution cell without markers is replaced as a whole.
    """
    if not _SOLUTION.search(source):
        return _STUB
    return _SOLUTION.sub(lambda match: "\n".join(match[1] + line for line in _STUB.splitlines()), source)


@functools.lru_cache(maxsize=512)  # most cells are the same in every submission of a class
def definitions(source: str) -> Mapping[str, str]:
    """What the top level of a cell defines: each name with a short hash of the code that defines it.

    The hash is blind to layout and comments. A cell that does not parse, or is far too long, defines nothing.

    Args:
        source: Text of a cell.
    """
    if len(source) > MAX_PARSED:
        return {}
    try:
        with warnings.catch_warnings():  # of a stranger's code, which are nothing to tell the grader's terminal
            warnings.simplefilter("ignore")
            body = ast.parse(source).body
        found: dict[str, str] = {}
        for statement in body:
            code = hashlib.sha256(ast.dump(statement).encode()).hexdigest()[:16]
            if isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
                found[statement.name] = code
            else:
                stored = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
                found |= {node.id: code for node in stored if isinstance(node.ctx, ast.Store)}
        return found
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}


def solution_cells(source: Notebook) -> dict[str, tuple[Cell, ...]]:
    """The solution cells of each exercise: those between the grade cell before it and its own.

    Args:
        source: The instructor's notebook.
    """
    found: dict[str, tuple[Cell, ...]] = {}
    waiting: list[Cell] = []
    for cell in source.code:
        if cell.solution:
            waiting.append(cell)
        if cell.is_exercise:
            found[cell.grade_id], waiting = tuple(waiting), []
    return found


def stubs(source: Notebook) -> dict[str, dict[str, str]]:
    """What students are to write for each exercise: names, with the hash of their stub.

    A name that a stub leaves undefined (an answer that was cut out as a whole) has the hash ``""``.

    Args:
        source: The instructor's notebook, with its solution blocks.

    Returns:
        For each exercise the names that its solution cells define.
    """
    found: dict[str, dict[str, str]] = {}
    for exercise, cells in solution_cells(source).items():
        names: dict[str, str] = {}
        for cell in cells:
            left = definitions(stub(cell.source))
            names |= {name: left.get(name, "") for name in definitions(cell.source)}
        found[exercise] = names
    return found


def untouched(student: Mapping[str, str], source: Mapping[str, Mapping[str, str]]) -> frozenset[str]:
    """The exercises that a student has left as they were handed out.

    Args:
        student: What the student's notebook defines, as :func:`definitions` says it.
        source: What :func:`stubs` says of the instructor's notebook.
    """
    return frozenset(
        exercise
        for exercise, names in source.items()
        if names and all(student.get(name, "") == stub_hash for name, stub_hash in names.items())
    )


def all_definitions(student: Notebook) -> dict[str, str]:
    """What the code cells of a notebook define; where two define the same name, the later one counts.

    A cell that does not parse defines nothing, but somebody has worked on the names that its lines begin with.
    """
    found: dict[str, str] = {}
    for cell in student.code:
        defined = definitions(cell.source)
        found |= defined or dict.fromkeys(_BEGUN.findall(cell.source[:MAX_PARSED]), "begun")
    return found
