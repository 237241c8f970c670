"""Reading what students hand in: every kind of broken file has an error of its own, and nothing else gets through."""

from __future__ import annotations

import contextlib
import copy
import gzip
import json
import os
import shutil
import socket
import stat
import tempfile
import threading
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from broken import (
    BROKEN_BYTES,
    BROKEN_NOTEBOOKS,
    GOOD,
    NON_ASCII,
    V3,
    archive,
    cell,
    changed,
    data,
    is_a_sentence,
    nested,
)
from courses import CUBE, SQUARE, STUB, code, marks, notebook
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from autograder import notebook as nb
from autograder.errors import CourseError, SubmissionError

FUZZ = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


def refused(action: Callable[[], object], kind: str) -> str:
    """The message with which something is refused."""
    with pytest.raises(SubmissionError) as caught:
        action()
    assert caught.value.kind == kind
    assert is_a_sentence(str(caught.value)), str(caught.value)
    return str(caught.value)


# ---- bytes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BROKEN_BYTES)
def test_broken_bytes_have_an_error_of_their_own(name: str) -> None:
    content, kind = BROKEN_BYTES[name]
    refused(lambda: nb.parse(content), kind)


def test_good_bytes_are_read() -> None:
    """The cases above are one change away from this one."""
    assert nb.parse(GOOD).exercises == ("square", "cube")
    assert "é" in nb.parse(NON_ASCII.encode()).cells[1].source
    assert nb.parse(b"\n " + GOOD + b"\n").exercises == ("square", "cube")


def test_the_line_of_a_mistake_is_told() -> None:
    text = json.dumps(notebook(), indent=1).replace('"nbformat": 4,', '"nbformat" 4,')
    line = 1 + text[: text.index('"nbformat" 4')].count("\n")
    assert f"in line {line}." in refused(lambda: nb.parse(text.encode()), "not_json")


def test_an_archive_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*args: object, **options: object) -> None:
        raise AssertionError("the archive was opened")

    packed = archive(content=bytes(10 << 20))
    monkeypatch.setattr(zipfile, "ZipFile", opened)
    monkeypatch.setattr(gzip, "decompress", opened)
    assert "Unpack it" in refused(lambda: nb.parse(packed), "archive")


# ---- notebooks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BROKEN_NOTEBOOKS)
def test_broken_notebooks_have_an_error_of_their_own(name: str) -> None:
    node, kind = BROKEN_NOTEBOOKS[name]
    refused(lambda: nb.parse(data(node)), kind)


def test_what_is_wrong_is_told_with_its_place() -> None:
    assert "source of cell 3" in refused(lambda: nb.parse(data(cell(source=1))), "malformed")
    assert "'square-solution'" in refused(
        lambda: nb.parse(data(changed(cells=notebook()["cells"] + [notebook()["cells"][1]]))), "duplicate_ids"
    )
    assert "format 3" in refused(lambda: nb.parse(data(V3)), "nbformat")


@pytest.mark.parametrize("levels", [1, 100, 500, 900, *range(960, 1000)])
@pytest.mark.parametrize("place", ["metadata", "nbgrader", "id", "outputs", "attachments"])
def test_nesting_near_pythons_limit_stops_nothing(levels: int, place: str) -> None:
    """JSON that can just be read, but would be too deep to be written again, gets no further."""
    deep = nested("[", "", "]", levels).decode()
    node = notebook()
    target = node["cells"][2]
    target[place] = {"metadata": {"x": "HERE"}, "nbgrader": "HERE"}.get(place, "HERE")
    if place == "nbgrader":
        target["metadata"]["nbgrader"]["points"] = "HERE"
    if place == "attachments":
        target |= {"cell_type": "markdown", "attachments": {"a.png": {"image/png": "HERE"}}}
    content = json.dumps(node).replace('"HERE"', deep).encode()
    try:
        read = nb.parse(content)
    except SubmissionError as error:
        assert error.kind in ("not_json", "malformed")
    else:
        assert place != "id"
        copy.deepcopy(dict(read.node))
        assert "[[[[[" not in json.dumps(read.node)


# ---- what is kept, and what is not -------------------------------------------------------------------


def test_nothing_of_an_output_is_kept() -> None:
    """Outputs may hold anything: ANSI, HTML, scripts, broken types, surrogates. Grading makes its own."""
    evil = [
        "\x1b[2J\x1b]0;owned\x07",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\ud800",
        1e300,
        None,
    ]
    node = notebook()
    for raw in node["cells"]:
        raw |= {"outputs": evil, "execution_count": "<b>"}
    node["metadata"] |= {"title": "<script>", "widgets": {"state": evil}}
    read = nb.parse(data(node))
    assert read.cells == nb.parse(GOOD).cells
    assert read.node == nb.parse(GOOD).node
    assert all(raw["outputs"] == [] and raw["execution_count"] is None for raw in read.node["cells"])


def test_of_the_metadata_only_what_grading_uses_is_kept() -> None:
    node = notebook()
    node["metadata"] |= {"language_info": {"name": "python", "codemirror_mode": {"version": 3}}, "authors": 7}
    given_marks = marks("square-solution", solution=True)["nbgrader"]
    node["cells"][1]["metadata"] = {
        "nbgrader": given_marks | {"points": float("1e999"), "extra": [1], "task": "yes", "checksum": "ab"},
        "tags": ["a", "a", "with,comma", "", "skip-grading"],
        "collapsed": "maybe",
        "jupyter": [],
    }
    content = data(node).replace(b"Infinity", b"1e999")
    read = nb.parse(content)
    assert read.node["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    kept = {key: value for key, value in given_marks.items() if key != "task"} | {"checksum": "ab"}
    assert read.node["cells"][1]["metadata"] == {"nbgrader": kept, "tags": ["a", "skip-grading"]}
    assert read.cells[1].solution and not read.cells[1].grade


@pytest.mark.parametrize(
    "kernelspec", [None, 1, [], {"name": 1}, {"display_name": "x"}, {"name": [], "display_name": 2}]
)
def test_a_broken_kernelspec_is_left_out(kernelspec: Any) -> None:
    assert nb.parse(data(changed(metadata={"kernelspec": kernelspec}))).node["metadata"] == {}


@pytest.mark.parametrize("value", ["true", 1, None, [True], "True"])
def test_only_true_marks_a_cell(value: Any) -> None:
    node = notebook()
    node["cells"][2]["metadata"]["nbgrader"] |= {"grade": value, "locked": value, "solution": value}
    found = nb.parse(data(node)).cells[2]
    assert (found.grade, found.locked, found.solution) == (False, False, False)


def test_attachments_are_kept_where_they_are_pictures() -> None:
    node = notebook()
    picture = {"image.png": {"image/png": "iVBORw0KGgo="}}
    for attachments in (picture, {"image.png": {"image/png": 1}}, {"image.png": None}, [picture], {}):
        node["cells"][2] = {
            "cell_type": "markdown",
            "id": "m",
            "metadata": {},
            "source": "",
            "attachments": attachments,
        }
        kept = nb.parse(data(node)).node["cells"][2].get("attachments")
        assert kept == (attachments if attachments in (picture, {}) else None)
    node["cells"][2] = code("m", "") | {"attachments": picture}  # a code cell has none
    assert "attachments" not in nb.parse(data(node)).node["cells"][2]


def test_older_notebooks_get_ids_that_no_other_cell_has() -> None:
    node = notebook() | {"nbformat_minor": 4}
    plain = [{key: value for key, value in raw.items() if key != "id"} for raw in node["cells"]]
    node["cells"] = plain
    assert len({found.id for found in nb.parse(data(node)).cells}) == len(plain)
    taken = [code("cell-4", ""), code("cell-4-1", ""), code("cell-0", ""), code("cell-4-2", "")]
    node["cells"] = [*taken, plain[1]]
    ids = [found.id for found in nb.parse(data(node)).cells]
    assert ids[:4] == ["cell-4", "cell-4-1", "cell-0", "cell-4-2"]
    assert ids[4] not in ids[:4]
    node["cells"] = [plain[1], code("cell-0", "")]  # a later cell's own id is not taken from it
    ids = [found.id for found in nb.parse(data(node)).cells]
    assert ids[1] == "cell-0" and ids[0] != "cell-0"


def test_a_source_may_be_text_or_lines() -> None:
    lines = nb.parse(data(cell(source=["a = 1\n", "b = 2"])))
    assert lines.cells[2].source == "a = 1\nb = 2"
    assert lines == nb.parse(data(cell(source="a = 1\nb = 2")))
    assert nb.parse(data(cell(source=[]))).cells[2].source == ""


def test_limits_are_inclusive() -> None:
    assert len(nb.parse(data(changed(cells=[code(f"c{index}", "") for index in range(nb.MAX_CELLS)]))).cells) == 5000
    assert nb.parse(data(changed(cells=[code("a", "#" * nb.MAX_SOURCE)]))).cells[0].source.startswith("##")
    assert nb.parse(data(changed(cells=[code("a" * 64, "")]))).cells[0].id == "a" * 64
    largest = GOOD.replace(b'"execution_count": null', b'"execution_count": %d' % (2**63 - 1), 1)
    assert nb.parse(largest) == nb.parse(GOOD)


# ---- files -------------------------------------------------------------------------------------------


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "powers.ipynb"
    path.write_bytes(GOOD)
    return path


def promptly(action: Callable[[], None]) -> None:
    """Do something that could block for ever, and fail instead."""
    outcome: list[BaseException | None] = []

    def run() -> None:
        try:
            action()
            outcome.append(None)
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(5)
    assert not thread.is_alive(), "reading blocks"
    if outcome[0] is not None:
        raise outcome[0]


@contextlib.contextmanager
def without_privileges() -> Iterator[None]:
    """As a user for whom permissions count: root reads everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_good_file_is_read(good: Path) -> None:
    assert nb.read(good) == nb.parse(GOOD)


def test_a_missing_file(tmp_path: Path) -> None:
    assert "'powers.ipynb'" in refused(lambda: nb.read(tmp_path / "powers.ipynb"), "missing")
    refused(lambda: nb.read(tmp_path / "no" / "such" / "folder" / "powers.ipynb"), "missing")


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "powers.ipynb").mkdir()
    assert "folder" in refused(lambda: nb.read(tmp_path / "powers.ipynb"), "not_a_file")


def test_a_path_through_a_file(good: Path) -> None:
    refused(lambda: nb.read(good / "powers.ipynb"), "unreadable")


def test_a_fifo_does_not_block(tmp_path: Path) -> None:
    fifo = tmp_path / "powers.ipynb"
    os.mkfifo(fifo)
    promptly(lambda: refused(lambda: nb.read(fifo), "not_a_file") and None)


def test_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("powers.ipynb")
        refused(lambda: nb.read(Path("powers.ipynb")), "not_a_file")


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero"])
def test_a_device(device: str) -> None:
    promptly(lambda: refused(lambda: nb.read(Path(device)), "not_a_file") and None)


@pytest.mark.parametrize("target", ["powers.ipynb", "/etc/passwd", "nowhere", "link.ipynb", "."])
def test_a_symlink_is_not_followed(good: Path, target: str) -> None:
    link = good.parent / "link.ipynb"
    link.symlink_to(target)
    assert "symbolic link" in refused(lambda: nb.read(link), "symlink")


def test_a_hard_link_is_a_plain_file(good: Path) -> None:
    link = good.parent / "link.ipynb"
    os.link(good, link)
    assert nb.read(link) == nb.parse(GOOD)


@pytest.mark.parametrize("swap", ["fifo", "symlink", "folder", "missing"])
def test_a_file_that_is_swapped_after_the_first_look(good: Path, swap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kind of the file is looked at again once it is open."""
    plain, victim = os.lstat(good), good.parent / "victim.ipynb"
    if swap == "fifo":
        os.mkfifo(victim)
    elif swap == "symlink":
        victim.symlink_to(good)
    elif swap == "folder":
        victim.mkdir()
    monkeypatch.setattr(nb.os, "lstat", lambda path: plain)
    kind = {"fifo": "not_a_file", "missing": "missing"}.get(swap, "unreadable")
    promptly(lambda: refused(lambda: nb.read(victim), kind) and None)


def test_a_file_without_permission() -> None:
    folder = Path(tempfile.mkdtemp())  # pytest's own folders are closed to others
    try:
        folder.chmod(0o755)
        path = folder / "powers.ipynb"
        path.write_bytes(GOOD)
        path.chmod(0o444)
        with without_privileges():
            assert nb.read(path) == nb.parse(GOOD)  # so that it is the permission which is missing below
        path.chmod(0)
        with without_privileges():
            assert "Permission denied" in refused(lambda: nb.read(path), "unreadable")
        path.chmod(0o444)
        folder.chmod(0)
        with without_privileges():
            refused(lambda: nb.read(path), "unreadable")
    finally:
        folder.chmod(stat.S_IRWXU)
        shutil.rmtree(folder)


def test_a_file_that_fails_while_it_is_read() -> None:
    """A plain file by its mode, of which no byte can be had: as on a damaged disk."""
    refused(lambda: nb.read(Path("/proc/self/mem")), "unreadable")


@pytest.mark.parametrize(
    "name",
    [
        *("with blank.ipynb", "new\nline.ipynb", "\x1b[31mred.ipynb", "'; DROP TABLE.ipynb", "=cmd|'x'!A1.ipynb"),
        *("-rf.ipynb", "..ipynb", "тетрадь.ipynb", "笔记本.ipynb", "دفتر.ipynb", "\u202egnp.ipynb", "é.ipynb"),
        *(
            "e\u0301.ipynb",
            "😀.ipynb",
            "%s{0}.ipynb",
            "POWERS.IPYNB",
            "a" * 249 + ".ipynb",
            os.fsdecode(b"\xff\xfe.ipynb"),
        ),
    ],
)
def test_any_name_that_a_file_can_have(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    message = refused(lambda: nb.read(path), "missing")
    message.encode()  # can be written to a file, a terminal and a database
    path.write_bytes(GOOD)
    assert nb.read(path) == nb.parse(GOOD)


@pytest.mark.parametrize("name", ["a" * 256 + ".ipynb", "a" * 5000, "nul\0.ipynb", "ш" * 128])
def test_a_name_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    refused(lambda: nb.read(tmp_path / name), "unreadable")


def test_200_megabytes_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "powers.ipynb"
    path.write_bytes(GOOD)
    os.truncate(path, 200 << 20)
    monkeypatch.setattr(nb, "parse", lambda content: pytest.fail("it was parsed"))
    tracemalloc.start()
    try:
        message = refused(lambda: nb.read(path), "too_large")
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()
    assert "200 MB" in message and "64 MB" in message and "Clear its outputs" in message


def test_the_limit_of_a_files_size_is_inclusive(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nb, "MAX_BYTES", len(GOOD))
    assert nb.read(good) == nb.parse(GOOD)
    monkeypatch.setattr(nb, "MAX_BYTES", len(GOOD) - 1)
    refused(lambda: nb.read(good), "too_large")


def test_a_file_that_is_larger_than_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that grows while it is read."""
    monkeypatch.setattr(nb, "MAX_BYTES", 10)
    assert os.stat("/proc/self/status").st_size == 0
    refused(lambda: nb.read(Path("/proc/self/status")), "too_large")


def test_reading_leaves_no_descriptor_open(tmp_path: Path, good: Path) -> None:
    before = os.listdir("/proc/self/fd")
    for path in (good, tmp_path, tmp_path / "missing", Path("/proc/self/mem"), Path("/dev/null")):
        with contextlib.suppress(SubmissionError):
            nb.read(path)
    assert len(os.listdir("/proc/self/fd")) == len(before)


def test_the_instructors_notebook_is_the_instructors_to_mend(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"powers\.ipynb: There is no file"):
        nb.read_source(tmp_path / "powers.ipynb")


# ---- anything ----------------------------------------------------------------------------------------


def read_or_refused(content: bytes) -> nb.Notebook | None:
    """What is promised of any bytes: a notebook that everything after can rely on, or the one error."""
    try:
        found = nb.parse(content)
    except SubmissionError as error:
        assert is_a_sentence(str(error)), str(error)
        return None
    nbformat.validate(nbformat.from_dict(dict(found.node)))
    again = json.dumps(found.node, allow_nan=False, ensure_ascii=False).encode()
    assert nb.parse(again) == found
    assert len({part.id for part in found.cells}) == len(found.cells)
    for part in found.cells:
        assert (part.index, part.source) == (found.cells.index(part), found.node["cells"][part.index]["source"])
    source = nb.parse(GOOD)
    nb.steps(found, source), nb.steps(source, found)
    nb.untouched(nb.all_definitions(found), nb.stubs(source))
    nb.stubs(found)
    return found


@FUZZ
@given(st.binary(max_size=2000))
def test_any_bytes(content: bytes) -> None:
    assert read_or_refused(content) is None


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["code", "markdown", "raw", "square", "\ud800", "\0", "x = 1", "%magic", "def f(: pass", 4, 1e999]
    ),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.text(max_size=5)
            | st.sampled_from(
                [
                    "cells",
                    "nbformat",
                    "metadata",
                    "source",
                    "id",
                    "cell_type",
                    "nbgrader",
                    "tags",
                    "grade_id",
                    "attachments",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@FUZZ
@given(JSON)
def test_any_json(value: Any) -> None:
    read_or_refused(json.dumps(value).encode())


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every node of some JSON."""
    yield path
    items = node.items() if type(node) is dict else enumerate(node) if type(node) is list else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def replaced(node: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    node[path[0]] = replaced(node[path[0]], path[1:], value)
    return node


VALID = notebook(extra=["x = [i for i in range(3)]"])
VALID["cells"].append(
    {"cell_type": "markdown", "id": "text", "metadata": {"tags": ["a"]}, "source": ["# Title\n", "text"]}
    | {"attachments": {"a.png": {"image/png": "AA=="}}}
)
VALID["cells"].append({"cell_type": "raw", "id": "raw", "metadata": {}, "source": "raw"})
PLACES = sorted(places(VALID), key=repr)


@FUZZ
@given(st.lists(st.tuples(st.sampled_from(PLACES), JSON), min_size=1, max_size=3))
def test_a_notebook_with_anything_in_some_places(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    node = copy.deepcopy(VALID)
    for path, value in changes:
        with contextlib.suppress(KeyError, IndexError, TypeError):  # an earlier change took the place away
            node = replaced(node, path, value)
    read_or_refused(json.dumps(node).encode())


@FUZZ
@given(st.data())
def test_a_notebook_with_changed_bytes(draw: st.DataObject) -> None:
    content = bytearray(json.dumps(VALID).encode())
    for _ in range(draw.draw(st.integers(1, 4))):
        start = draw.draw(st.integers(0, len(content)))
        content[start : start + draw.draw(st.integers(0, 5))] = draw.draw(st.binary(max_size=5))
    read_or_refused(bytes(content))


@FUZZ
@given(st.text(max_size=300))
def test_any_source(source: str) -> None:
    assume("\0" not in source and source.encode("utf-8", "replace").decode() == source)
    found = read_or_refused(data(notebook(source)))
    assert found is not None and found.cells[1].source == source


# ---- what runs ---------------------------------------------------------------------------------------

SOURCE_CELLS = [
    code("setup", "import tensorflow as tf", marks("setup", locked=True)),
    code("demo", "for _ in range(10**9): pass", {"tags": ["skip-grading"]}),
    code("square-solution", SQUARE, marks("square-solution", solution=True)),
    code("square", 'check("square")', marks("square", grade=True, locked=True)),
    {"cell_type": "markdown", "id": "text", "metadata": {}, "source": "text"},
]
SOURCE = nb.parse(data(changed(cells=SOURCE_CELLS)))


def student(*cells: dict[str, Any]) -> dict[str, tuple[str, bool]]:
    """What runs of a student's notebook: by cell id, its text and whether it is skipped."""
    taken = nb.parse(data(changed(cells=list(cells))))
    return {step.id: (step.source, step.skip) for step in nb.steps(taken, SOURCE)}


def test_the_instructors_notebook_runs_but_for_grade_cells_and_demonstrations() -> None:
    steps = nb.steps(SOURCE, SOURCE)
    assert [(step.index, step.id, step.skip) for step in steps] == [
        (0, "setup", False),
        (1, "demo", True),
        (2, "square-solution", False),
        (3, "square", True),
    ]
    assert steps[2].source == SQUARE


def test_a_locked_cell_gets_the_instructors_text() -> None:
    evil = code("other", "import numpy as tf", marks("setup"))
    assert student(evil) == {"other": ("import tensorflow as tf", False)}


def test_grade_cells_never_run() -> None:
    evil = code("a", "import os; os._exit(0)", marks("square", solution=True, cell_type="code"))
    again = code("b", "1", marks("square", grade=True))
    assert student(evil, again) == {"a": ("import os; os._exit(0)", True), "b": ("1", True)}


def test_a_students_tags_count_for_nothing() -> None:
    mine = code("mine", "x = 1", {"tags": ["skip-grading", "skip-execution"]})
    solution = code("s", "y = 1", marks("square-solution", solution=True) | {"tags": ["skip-grading"]})
    setup = code("setup", "", marks("setup", locked=True) | {"tags": ["skip-grading"]})
    assert student(mine, solution, setup) == {
        "mine": ("x = 1", False),
        "s": ("y = 1", False),
        "setup": ("import tensorflow as tf", False),
    }


@pytest.mark.parametrize(
    ("text", "skipped"),
    [
        ("for _ in range(10**9): pass", True),
        ("for _ in range(10**9): pass  \r\n\n", True),
        ("for _ in range(10**9): pass; x = 1", False),
    ],
)
def test_a_demonstration_is_skipped_while_it_is_the_instructors(text: str, skipped: bool) -> None:
    assert student(code("any-id", text)) == {"any-id": (text, skipped)}


def test_a_demonstration_runs_where_a_cell_that_runs_uses_its_names() -> None:
    shown = {"tags": ["skip-grading"]}
    source = nb.parse(
        data(
            changed(
                cells=[
                    code("numbers", "numbers = [1, 2]", shown),
                    code("doubled", "doubled = [2 * n for n in numbers]", shown),
                    code("other", "letters = ['a']", shown),
                    code("square-solution", SQUARE, marks("square-solution", solution=True)),
                    code("square", 'check("square")', marks("square", grade=True, locked=True)),
                ]
            )
        )
    )

    def run(answer: str) -> list[str]:
        cells = [
            cell | {"source": answer} if cell["id"] == "square-solution" else cell for cell in source.node["cells"]
        ]
        taken = nb.parse(data(changed(cells=cells)))
        return [step.id for step in nb.steps(taken, source) if not step.skip]

    assert run("def square(x): return x * x") == ["square-solution"]
    assert run("def square(x): return numbers and x * x") == ["numbers", "square-solution"]
    assert run("last = doubled[-1]") == ["numbers", "doubled", "square-solution"]
    assert run("numbers = [3]; last = numbers[-1]") == ["square-solution"]


def test_a_cell_that_became_text_does_not_run() -> None:
    turned = {"cell_type": "markdown", "id": "a", "metadata": marks("square", grade=True), "source": "1"}
    assert student(turned) == {}
    assert nb.parse(data(changed(cells=[turned]))).exercises == ()


# ---- stubs -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        SQUARE,
        "def f():\n    ### BEGIN SOLUTION\n    a = 1\n\n    return a\n    ### END SOLUTION\n    # after",
        "a = 1\n### BEGIN SOLUTION\nb = 2\n### END SOLUTION\nc = 3",
        "### BEGIN SOLUTION\nb = 2\n### END SOLUTION",
        "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n\n\n"
        "def g():\n    if True:\n        ### BEGIN SOLUTION\n        return 1\n        ### END SOLUTION",
        "def f():\n\t### BEGIN SOLUTION\n\treturn 1\n\t### END SOLUTION",
        "answer = 42\n# no markers",
    ],
)
def test_a_stub_is_what_nbgrader_hands_out(source: str) -> None:
    from nbgrader.preprocessors import ClearSolutions

    node = nbformat.from_dict(changed(cells=[code("a", source, marks("a", solution=True))]))
    cleared, _ = ClearSolutions().preprocess(node, {})
    assert nb.stub(source) == cleared.cells[0].source
    assert "NotImplementedError" in nb.stub(source)


def test_definitions() -> None:
    source = (
        "import os\nfrom a import b\ndef f(x):\n    inner = 1\nclass C:\n    attribute = 1\nasync def g(): pass\n"
        "a = b = 1\n(c, [d, *e]) = 1, [2, 3]\nh: int = 3\nk += 1\nfor i in range(3):\n    last = i\n"
        "with open('x') as file: pass\nif (n := 10) > 5: pass\nz.attribute = 1\nl[0] = 1\nprint(q)\n"
    )
    assert set(nb.definitions(source)) == {
        *("f", "C", "g", "a", "b", "c", "d", "e", "h", "k", "i", "last", "file", "n"),
    }


def test_definitions_are_blind_to_layout_and_see_the_rest() -> None:
    one = nb.definitions("def f(x):\n    return x+1")
    assert one == nb.definitions("# comment\n\ndef f( x ):  # more\n\n\n        return (x + 1)\n")
    assert one != nb.definitions("def f(x):\n    return x+2")
    assert one != nb.definitions("@tf.function\ndef f(x):\n    return x+1")
    assert one != nb.definitions("def f(x, y=1):\n    return x+1")
    assert nb.definitions("f = 1; f = 2") == nb.definitions("f = 2")


@pytest.mark.parametrize(
    "source",
    [
        *("def f(: pass", "%matplotlib inline\nf = 1", "!ls", "f = \0", "\tf = 1\n f = 2", "f = '", "f = \ud800"),
        "f = " + "(" * 50_000 + ")" * 49_999,
        "f = 1\n" * 100_000,
    ],
    ids=lambda source: f"{source[:12]!r}…{len(source)}",
)
def test_code_that_does_not_parse_or_is_far_too_long_defines_nothing(source: str) -> None:
    assert nb.definitions(source) == {}


@pytest.mark.parametrize(
    "source",
    [
        "f = " + "+".join("1" * 50_000),
        "f = " + "-" * 99_000 + "1",
        "f = a" + ".b" * 49_000,
        "f = " + "lambda: " * 12_000 + "1",
        "if 1: f = 1\n" + "elif 1: f = 1\n" * 7_000,
        "f = " + "9" * 5000,
        "f = " + "await " * 10_000 + "1",
        "f = " + "a = " * 20_000 + "1",
        "f = " + "f'{" * 500 + "1" + "}'" * 500,
    ],
    ids=lambda source: f"{source[:12]!r}…{len(source)}",
)
def test_code_that_is_too_much_for_pythons_parser_stops_nothing(source: str) -> None:
    assert set(nb.definitions(source)) <= {"f", "a"}


def test_warnings_of_a_students_code_go_nowhere(recwarn: pytest.WarningsRecorder) -> None:
    assert set(nb.definitions("f = '\\d'\ng = 1 is 1\nassert (1, 2)")) == {"f", "g"}
    assert not recwarn.list


def test_stubs_are_what_students_are_to_write() -> None:
    source = nb.parse(
        data(
            changed(
                cells=[
                    code("a", SQUARE, marks("a", solution=True)),
                    code("helper", "helper = 1"),
                    code("b", "### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION", marks("b", solution=True)),
                    code("one", "check()", marks("one", grade=True)),
                    code("c", CUBE, marks("c", solution=True)),
                    code("two", "check()", marks("two", grade=True)),
                    code("three", "check()", marks("three", grade=True)),
                ]
            )
        )
    )
    square, cube = (nb.definitions(STUB.format(name))[name] for name in ("square", "cube"))
    assert nb.stubs(source) == {"one": {"square": square, "answer": ""}, "two": {"cube": cube}, "three": {}}


UNTOUCHED = {"one": {"square": nb.definitions(STUB.format("square"))["square"], "answer": ""}, "two": {}}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([STUB.format("square")], {"one"}),
        ([STUB.format("square").replace("    # YOUR", "\n\n  # mine, YOUR")], {"one"}),
        ([SQUARE], set()),
        ([STUB.format("square"), "answer = 42"], set()),
        ([], set()),
        ([STUB.format("square"), SQUARE], set()),
        ([SQUARE, STUB.format("square")], {"one"}),
        (["square = None"], set()),
        (["def square(x:"], set()),
        ([STUB.format("square"), "answer = 42)"], set()),
        ([STUB.format("square"), "answer: dict = {'a': 1\n    'b': 2"], set()),
        ([STUB.format("square"), "print(answer == 42"], {"one"}),
        (["def square(x):\n    # YOUR CODE HERE\n    raise NotImplementedError('later')"], set()),
    ],
)
def test_untouched(cells: list[str], expected: set[str]) -> None:
    taken = nb.parse(data(changed(cells=[code(f"c{index}", text) for index, text in enumerate(cells)])))
    assert nb.untouched(nb.all_definitions(taken), UNTOUCHED) == expected
