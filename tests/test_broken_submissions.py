"""Broken submissions through the real grader and the real command: an error of their own, and nothing breaks."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from broken import BROKEN_BYTES, BROKEN_NOTEBOOKS, GOOD, data, is_a_sentence, nested
from courses import SQUARE, Shared, notebook, submit, write_course
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import cli, sandbox
from autograder.course import Course
from autograder.files import remove_tree
from autograder.grade import Grader, Submitted
from autograder.model import Graded, Problem, Result, Status
from autograder.report import class_row, result_table

KEYS = {
    *("schema", "assignment", "notebook", "student", "score", "max_score", "seed", "isolation", "checks", "cells"),
    "error",
}
CHECK_KEYS = {
    *("id", "title", "status", "visibility", "score", "max_score", "message", "hint", "seconds"),
    *("group", "detail"),  # which exercise, and what only the instructor is told
}
CHECKS = ["test_square_value", "test_cube_value", "test_square_gradient"]

BROKEN: dict[str, tuple[bytes, str]] = BROKEN_BYTES | {
    name: (data(node), kind) for name, (node, kind) in BROKEN_NOTEBOOKS.items()
}


def is_ungraded(result: dict[str, Any], kind: str) -> None:
    """Assert that a Result's JSON says: nothing could be graded, and why."""
    assert set(result) == KEYS
    assert result["schema"] == 1
    assert (result["assignment"], result["notebook"]) == ("small", "powers")
    assert (result["score"], result["max_score"]) == (0, 6)
    assert set(result["error"]) == {"kind", "message"}
    assert result["error"]["kind"] == kind
    assert is_a_sentence(result["error"]["message"])
    assert result["cells"] == []
    assert sorted(check["id"] for check in result["checks"]) == sorted(CHECKS)
    for check in result["checks"]:
        assert set(check) == CHECK_KEYS
        assert (check["status"], check["score"]) == ("not_checked", 0)
        assert check["message"] == result["error"]["message"]
        assert check["detail"] == ""


# ---- the grader --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BROKEN)
def test_broken_content(grade: Callable[[bytes], Result], name: str) -> None:
    content, kind = BROKEN[name]
    result = grade(content)
    assert result.student == "someone" and result.needs_human
    is_ungraded(json.loads(result.to_json()), kind)
    assert f"Not graded ({kind})" in result_table(result)
    assert f"needs a human ({kind})" in class_row(result)


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            listener.bind(f"/proc/self/fd/{folder}/{path.name}")  # pytest's folders have long names
        finally:
            os.close(folder)


def make_large(path: Path) -> None:
    path.write_bytes(GOOD)
    os.truncate(path, 200 << 20)


def make_outputs(path: Path) -> None:
    """Real text in outputs, a little over the limit."""
    with path.open("wb") as file:
        head, tail = GOOD.split(b'"outputs": []', 1)
        file.write(head + b'"outputs": [{"output_type": "stream", "name": "stdout", "text": "')
        for _ in range(65):
            file.write(b"x" * (1 << 20))
        file.write(b'"}]' + tail)


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "missing"),
    "a folder": (Path.mkdir, "not_a_file"),
    "a FIFO": (make_fifo, "not_a_file"),
    "a socket": (make_socket, "not_a_file"),
    "a link to a device": (lambda path: path.symlink_to("/dev/zero"), "symlink"),
    "a link to the reference": (lambda path: path.symlink_to("../../source/small/powers.ipynb"), "symlink"),
    "a link to itself": (lambda path: path.symlink_to(path), "symlink"),
    "a link to nothing": (lambda path: path.symlink_to("nowhere"), "symlink"),
    "200 MB": (make_large, "too_large"),
    "65 MB of outputs": (make_outputs, "too_large"),
}


@pytest.mark.parametrize("name", FILES)
def test_broken_files(small_grader: Grader, tmp_path: Path, name: str) -> None:
    make, kind = FILES[name]
    make(tmp_path / "powers.ipynb")
    before = time.monotonic()
    result = small_grader.grade_file(tmp_path / "powers.ipynb", "small", "powers", "someone").result
    assert time.monotonic() - before < 5
    is_ungraded(result.to_dict(), kind)


def test_a_file_that_cannot_be_read(small_grader: Grader) -> None:
    is_ungraded(small_grader.grade_file(Path("/proc/self/mem"), "small", "powers").result.to_dict(), "unreadable")


def test_no_process_is_started_for_what_cannot_be_read(small_grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    small_grader.checks("small", "powers")  # the reference has its process
    monkeypatch.setattr(sandbox, "Worker", lambda *arguments: pytest.fail("a worker was started"))
    is_ungraded(small_grader.grade_file(Path("missing.ipynb"), "small", "powers").result.to_dict(), "missing")


def test_the_rest_of_the_class_is_graded(small_grader: Grader, tmp_path: Path) -> None:
    """Right work between broken ones, in one run, earns every point."""
    submissions, expected = [], []
    for number, name in enumerate(["good", "empty", "UTF-16", "good", "100,000 lists", "NaN", "source null", "good"]):
        path = tmp_path / f"{number}.ipynb"
        path.write_bytes(GOOD if name == "good" else BROKEN[name][0])
        submissions.append(Submitted(f"student {number}", path))
        expected.append((f"student {number}", None if name == "good" else BROKEN[name][1]))
    submissions.append(Submitted("gone", tmp_path / "gone.ipynb"))
    submissions.append(Submitted("told", content=Problem("zip_bomb", "The archive is too large.")))
    submissions.append(Submitted("last", tmp_path / "0.ipynb"))
    expected += [("gone", "missing"), ("told", "zip_bomb"), ("last", None)]
    results: list[Result] = []

    def report(submitted: Submitted, graded: Graded) -> None:
        assert submitted.student == graded.result.student
        results.append(graded.result)

    small_grader.grade_all(submissions, "small", "powers", report)
    assert [(result.student, result.error and result.error.kind) for result in results] == expected
    assert {result.total.score for result in results if result.error is None} == {6}
    assert {result.total.score for result in results if result.error is not None} == {0}


MUTATED = json.loads(GOOD)


def _places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from _places(inner, (*path, key))


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from([path for path in _places(MUTATED) if path]),
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.lists(st.text(max_size=3), max_size=3),
)
def test_a_notebook_with_anything_in_one_place(small_grader: Grader, path: tuple[Any, ...], value: Any) -> None:
    """Whatever it is, there is a Result, and its JSON can be written."""
    node = json.loads(GOOD)
    target = node
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    file = Path(tempfile.mkdtemp()) / "powers.ipynb"
    try:
        file.write_bytes(data(node))
        result = small_grader.grade_file(file, "small", "powers").result
        assert len(result.outcomes) == 3 and 0 <= result.total.score <= 6
        assert all(outcome.status is not Status.FAULT for outcome in result.outcomes)
        result.to_json().encode()
        assert is_a_sentence(result.error.message) if result.error else True
    finally:
        remove_tree(str(file.parent))


# ---- odd, but a notebook -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda node: node["metadata"].update(x=json.loads(nested("[", "", "]", 900)), kernelspec=None),
        lambda node: node["metadata"].update(title="\x1b[31m<script>", authors=None, orig_nbformat=0),
        lambda node: node["cells"][0].update(outputs=None, execution_count="<b>"),
        lambda node: node["cells"][0]["metadata"].update(collapsed=7, scrolled="x", jupyter=[], trusted="no"),
        lambda node: node["cells"][1]["metadata"]["nbgrader"].update(points="many", schema_version="x", more=[1]),
        lambda node: node["cells"][2]["metadata"]["nbgrader"].update(points=1e308, checksum="0"),
        lambda node: [raw.pop("id") for raw in node["cells"]],
        lambda node: [raw.update(source=raw["source"].splitlines(keepends=True)) for raw in node["cells"]],
        lambda node: [raw.update(source=raw["source"].replace("\n", "\r\n")) for raw in node["cells"]],
        lambda node: node.update(nbformat_minor=99, extra=["more"]),
        lambda node: node.update(nbformat_minor=-1),
        lambda node: node["cells"].insert(0, {"cell_type": "raw", "metadata": {}, "source": "#" * 500_000}),
        lambda node: node["cells"].extend(
            {"cell_type": "markdown", "id": f"m{number}", "metadata": {}, "source": ""} for number in range(4000)
        ),
    ],
)
def test_what_is_odd_but_readable_is_graded(grade: Callable[[Any], Result], change: Callable[[Any], object]) -> None:
    node = notebook()
    change(node)
    result = grade(node)
    assert (result.error, result.total.score) == (None, 6)


@pytest.mark.parametrize("content", [{"cells": []}, {"cells": [{"cell_type": "raw", "metadata": {}, "source": ""}]}])
def test_a_notebook_without_code_is_graded_and_earns_nothing(grade: Callable[[Any], Result], content: Any) -> None:
    result = grade(notebook() | content)
    assert (result.error, result.total.score, result.cells) == (None, 0, ())


EVIL_ERRORS = [
    "raise ValueError('\\ud800')",
    "raise type('E\\ud800', (Exception,), {})('x')",
    "raise type('\\x1b[31mRed', (Exception,), {})('\\x1b]0;owned\\x07\\u202e')",
    "raise ValueError('x' * 10**7)",
    "raise type('E' * 10**6, (Exception,), {})",
    "class Evil(Exception):\n    def __str__(self): raise SystemExit\nraise Evil",
    "class Evil(Exception):\n    def __str__(self): return 1\nraise Evil",
    "raise ExceptionGroup('\\ud800', [ValueError('\\ud800')])",
    "import sys; sys.stdout.write('\\x1b[2J<script>'); sys.stderr.buffer.write(bytes(range(256)))",
]


@pytest.mark.parametrize("code", EVIL_ERRORS)
def test_what_a_notebook_says_can_be_written_and_shown(grade: Callable[[Any], Result], code: str) -> None:
    """Of a cell and of a function: the JSON can be written, the terminal stays as it was, and the rest counts."""
    body = code.replace("\n", "\n    ")
    result = grade(notebook(f"def square(x):\n    {body}", extra=[code]))
    assert result.total.score == 1
    text = result.to_json()
    text.encode()
    assert len(text) < 500_000
    assert Result.from_dict(json.loads(text)).to_dict() == result.to_dict()
    for shown in (result_table(result), class_row(result)):
        shown.encode()
        assert not set("\x1b\x07\u202e\0") & set(shown)
        assert len(shown) < 20_000


# ---- the command -------------------------------------------------------------------------------------


@pytest.fixture
def command(
    course: Course, starter: sandbox.Starter, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run ``autograder`` in the small course, with the session's warm process: status, output, errors."""
    monkeypatch.setattr(sandbox, "starter", lambda: Shared(starter))
    monkeypatch.chdir(course.root)

    def run(*arguments: object) -> tuple[int, str, str]:
        status = cli.main([str(argument) for argument in arguments])
        return (status, *capfd.readouterr())

    return run


@pytest.mark.parametrize(
    "name",
    [
        *("empty", "cut in the middle", "Latin-1", "a zip with ..", "a list", "int of 5,000 digits", "100,000 lists"),
        *("nbformat 3", "cells null", "duplicate ids", "NUL in source", "surrogate in source", "id with ANSI and HTML"),
    ],
)
def test_the_command_tells_what_is_broken(course: Course, command: Callable[..., Any], name: str) -> None:
    content, kind = BROKEN[name]
    path = submit(course, "ann", content)
    target = course.root / "result.json"
    status, out, err = command("grade", path, "--assignment", "small", "--notebook", "powers", "--json", target)
    result = json.loads(target.read_text(encoding="utf-8"))
    is_ungraded(result, kind)
    assert result["student"] == "ann"
    assert (status, err) == (1, "")
    assert f"Not graded ({kind})" in out and "0/6" in out
    assert path.read_bytes() == content


@pytest.mark.parametrize("name", FILES)
def test_the_command_tells_what_is_wrong_with_a_file(course: Course, command: Callable[..., Any], name: str) -> None:
    make, kind = FILES[name]
    path = course.root / "submitted" / "ann" / "small" / "powers.ipynb"
    path.parent.mkdir(parents=True)
    make(path)
    status, out, err = command("grade", path, "--json", "-")
    is_ungraded(json.loads(out), kind)
    assert (status, err) == (1, "")


@pytest.mark.parametrize(
    "name", ["a" * 300 + ".ipynb", "new\nline.ipynb", "\x1b[31m.ipynb", "%s{0}.ipynb", "-.ipynb", "тетрадь.ipynb"]
)
def test_a_missing_file_of_any_name(course: Course, command: Callable[..., Any], name: str) -> None:
    status, out, err = command("grade", course.root / name, "--assignment", "small", "--json", "-")
    is_ungraded(json.loads(out), "unreadable" if len(name) > 255 else "missing")
    assert (status, err) == (1, "")


@pytest.mark.parametrize("student", ["müller", os.fsdecode(b"m\xfcller"), "new\nline", "\x1b[31mred", "=1+1", "学生"])
def test_a_student_of_any_name(course: Course, command: Callable[..., Any], student: str) -> None:
    path = submit(course, student, GOOD)
    status, out, err = command("grade", path, "--json", course.root / "result.json")
    told = json.loads((course.root / "result.json").read_text(encoding="utf-8"))
    assert (status, err, told["score"], told["error"]) == (0, "", 6, None)
    assert told["student"] == student.encode("utf-8", "replace").decode()
    assert "\x1b" not in out and out.splitlines()[0].startswith("small/powers of ")


def test_a_right_notebook_by_the_same_way(course: Course, command: Callable[..., Any]) -> None:
    """What the tests above see missing is there otherwise."""
    status, out, err = command("grade", submit(course, "ann", GOOD), "--json", "-")
    result = json.loads(out)
    assert (status, err, result["score"], result["max_score"], result["error"]) == (0, "", 6, 6, None)
    assert set(result) == KEYS and all(set(check) == CHECK_KEYS for check in result["checks"])
    assert {check["visibility"] for check in result["checks"]} == {"visible", "hidden"}
    assert all(isinstance(check["seconds"], float) for check in result["checks"])


def test_the_real_process(tmp_path: Path) -> None:
    """Once as a user has it: a process of its own, a pipe that knows only ASCII, nothing on standard error."""
    course = write_course(tmp_path / "course")
    path = submit(course, os.fsdecode(b"m\xfcller"), data(notebook("def square(x):\n    raise ValueError('ü😀')")))
    broken = submit(course, "bob", b"")

    def run(*arguments: object) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "autograder.cli", "grade", *map(str, arguments)]
        ascii_only = os.environ | {"PYTHONIOENCODING": "ascii"}
        return subprocess.run(command, cwd=tmp_path, capture_output=True, env=ascii_only, timeout=120)

    graded = run(path, "--json", "-")
    result = json.loads(graded.stdout.decode("ascii"))
    assert (graded.returncode, graded.stderr, result["score"]) == (0, b"", 1)
    assert any("ü😀" in check["message"] for check in result["checks"])
    ungraded = run(broken)
    assert (ungraded.returncode, ungraded.stderr) == (1, b"")
    assert "Not graded (empty)" in ungraded.stdout.decode("ascii")


# ---- what is left behind -----------------------------------------------------------------------------


@pytest.fixture
def scratch(grade: Callable[[Any], Result], monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The only place where folders of workers are made; open to every user, as pytest's is not."""
    grade(notebook())  # what a grader keeps is there before the test counts what is left
    folder = Path(tempfile.mkdtemp(prefix="test-broken-"))
    folder.chmod(0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    remove_tree(str(folder))


def test_nothing_is_left_of_a_notebook_that_makes_a_mess(grade: Callable[[Any], Result], scratch: Path) -> None:
    mess = (
        "import os, tempfile\n"
        "assert tempfile.gettempdir() == os.getcwd()\n"
        "for n in range(2000):\n    os.mkdir('d'); os.chdir('d')\n"
        "os.chdir(tempfile.gettempdir())\n"
        "os.symlink('/etc', 'etc'); os.symlink('.', 'loop')\n"
        "os.mkdir('closed'); open('closed/file', 'w').close(); os.chmod('closed', 0)\n"
        "open(b'\\xff\\n', 'w').close()\n"
    )
    result = grade(notebook(SQUARE, extra=[mess]))
    assert (result.total.score, result.cells) == (6, ())
    assert list(scratch.iterdir()) == []


def test_remove_tree_follows_no_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o755)
    (outside / "kept").touch()
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "folder").symlink_to(outside)
    (tree / "file").symlink_to(outside / "kept")
    remove_tree(str(tree))
    assert not tree.exists() and (outside / "kept").exists()
    tree.symlink_to(outside)
    remove_tree(str(tree))
    assert (outside / "kept").exists()
    remove_tree(str(tmp_path / "missing"))


def test_remove_tree_below_a_link(tmp_path: Path) -> None:
    """The temporary folder itself is a link on some machines."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "tree").mkdir()
    (tmp_path / "link").symlink_to("real")
    remove_tree(str(tmp_path / "link" / "tree"))
    assert list((tmp_path / "real").iterdir()) == []


def test_remove_tree_while_something_writes(tmp_path: Path) -> None:
    """A process that got away from its group must not stop the grading of the next notebook."""
    tree = tmp_path / "tree"
    tree.mkdir()
    loop = "n=0; while :; do n=$((n+1)); mkdir -p tree/d$n/e; : > tree/f$n; done 2>/dev/null"
    writer = subprocess.Popen(["sh", "-c", loop], cwd=tmp_path, start_new_session=True)
    try:
        while not any(tree.iterdir()):
            time.sleep(0.01)
        for _ in range(10):
            remove_tree(str(tree))
    finally:
        os.killpg(writer.pid, signal.SIGKILL)
        writer.wait()
    remove_tree(str(tree))
    assert list(tmp_path.iterdir()) == []


def test_remove_tree_beside_names_that_it_would_use(tmp_path: Path) -> None:
    """Student code can write in the temporary folder too, and knows how we work."""
    for number in range(1, 6):
        (tmp_path / f".tree-{number}" / "kept").mkdir(parents=True)
    (tmp_path / "tree" / "a" / "b").mkdir(parents=True)
    remove_tree(str(tmp_path / "tree"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [f".tree-{number}" for number in range(1, 6)]
    assert all((path / "kept").exists() for path in tmp_path.iterdir())
