"""`check("…")` in release notebooks, run by a real Jupyter kernel."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from courses import CUBE, REPO, SQUARE, STUB, Shared, code, notebook, write_course
from nbclient import NotebookClient

from autograder import answers, release, sandbox
from autograder.course import Course


def run_notebook(node: Mapping[str, Any], folder: Path) -> dict[str, list[Any]]:
    """Run a notebook from its folder and return the outputs of each cell."""
    parsed = nbformat.from_dict(node)  # type: ignore[no-untyped-call]
    client = NotebookClient(parsed, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.allow_errors = True
    client.execute()
    return {cell["id"]: list(cell["outputs"]) for cell in parsed["cells"] if cell["cell_type"] == "code"}


def card(outputs: list[Any], mime: str = "text/plain") -> str:
    shown = [output["data"][mime] for output in outputs if output["output_type"] == "display_data"]
    assert len(shown) == 1, outputs
    return str(shown[0])


def errors(outputs: list[Any]) -> list[str]:
    return [output["evalue"] for output in outputs if output["output_type"] == "error"]


def hand_out(course: Course, starter: sandbox.Starter) -> Path:
    """The release of a small course, without the notebook."""
    target = course.root / "handed-out"
    for name, data in release.files(course, "small", "powers", Shared(starter)).items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(data)
    return target


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, starter: sandbox.Starter) -> Path:
    """The release of the small course, without the notebook."""
    return hand_out(write_course(tmp_path_factory.mktemp("live")), starter)


@pytest.fixture(scope="module")
def outputs(folder: Path) -> dict[str, list[Any]]:
    """One kernel in which a student works: untouched at first, then wrong, then right."""
    node = notebook(STUB.format("square"), STUB.format("cube"))
    steps = {
        "unknown": 'check("sqare")',
        "wrong": "def square(x):\n    print('<b>noise</b>')\n    return x + x\ncheck('square')",
        "raises": "def square(x):\n    raise ValueError('<script>alert(1)</script>')\ncheck('square')",
        "numpy": "def square(x):\n    return x.numpy() ** 2\ncheck('square')",
        "stub-left": "def square(x):\n    y = x * x\n    raise NotImplementedError()\ncheck('square')",
        "deleted": "del square\ncheck('square')",
        "endless": "import autograder.live, os\nautograder.live.SECONDS = 1\n"
        "def square(x):\n    while True:\n        pass\ncheck('square')",
        "validated": "autograder.live.SECONDS = 30\ndel square\n"
        "os.environ['NBGRADER_EXECUTION'] = 'validate'\ncheck('square')",
        "right": "def square(x):\n    return tf.multiply(x, x)\ncheck('square')",
        "after": "del os.environ['NBGRADER_EXECUTION']",
        "state": "tf.random.set_seed(5)\na = tf.random.normal([2])\ntf.random.set_seed(5)\ncheck('square')\n"
        "b = tf.random.normal([2])\nassert 'visible' not in __import__('sys').modules",
        "all": "def cube(x):\n    return x ** 3\ncheck()",
    }
    node["cells"] += [code(name, source) for name, source in steps.items()]
    return run_notebook(node, folder)


def test_an_untouched_exercise_is_not_attempted(outputs: dict[str, list[Any]]) -> None:
    assert "not attempted" in card(outputs["square"])
    assert "0 of 2" in card(outputs["square"])
    assert "not attempted" in card(outputs["cube"])
    assert "Write your code, run its cell, then this one." in card(outputs["cube"])


def test_a_wrong_answer_is_compared_with_the_recorded_reference(outputs: dict[str, list[Any]]) -> None:
    text = card(outputs["wrong"])
    assert "✗ square multiplies each element by itself." in text
    assert "All values differ" in text
    assert "expected: [" in text
    assert "Call: square([" in text
    assert "Hint: Multiply each element by itself." in text
    assert "noise" not in text


def test_the_html_card_says_the_same_and_runs_nothing(outputs: dict[str, list[Any]]) -> None:
    html = card(outputs["wrong"], "text/html")
    assert "square multiplies each element by itself." in html
    assert "All values differ" in html
    raised = card(outputs["raises"], "text/html")
    assert "&lt;script&gt;" in raised
    assert "<script" not in raised


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("raises", "square raised ValueError"),
        ("numpy", "a numpy array of dtype float32 came"),
        ("stub-left", "still raises NotImplementedError"),
        ("deleted", "square is not defined. Run the cell with your code first"),
        ("endless", "square: it did not finish within 1 seconds; look for a loop that never ends."),
        ("validated", "square is not defined"),
        ("right", "2 of 2 points"),
    ],
)
def test_each_kind_of_answer_has_its_words(outputs: dict[str, list[Any]], step: str, words: str) -> None:
    assert words in card(outputs[step])


def test_an_exercise_that_does_not_exist_is_named(outputs: dict[str, list[Any]]) -> None:
    assert errors(outputs["unknown"]) == ["there is no exercise 'sqare' (there are: square, cube)"]


def test_nbgrader_s_validation_gets_an_error_where_something_is_not_right(outputs: dict[str, list[Any]]) -> None:
    assert errors(outputs["validated"]) == ["not right yet: square"]
    assert errors(outputs["right"]) == []


def test_checking_leaves_the_kernel_as_it_was(outputs: dict[str, list[Any]]) -> None:
    assert errors(outputs["state"]) == []


def test_without_a_name_every_exercise_is_checked(outputs: dict[str, list[Any]]) -> None:
    shown = [o["data"]["text/plain"] for o in outputs["all"] if o["output_type"] == "display_data"]
    assert [text.splitlines()[0] for text in shown] == ["square: 2 of 2 points", "cube: 1 of 1 points"]


def test_the_release_s_own_files_hold_no_solution_and_no_hidden_check(folder: Path) -> None:
    files = {path.name: path.read_text() for path in folder.rglob("*") if path.is_file()}
    assert sorted(files) == ["recorded.json", "visible.py"]
    for text in files.values():
        assert "test_square_gradient" not in text
        assert "x * x" not in text
        assert "x**3" not in text
    assert SQUARE
    assert CUBE


@pytest.mark.parametrize("kind", [answers.RIGHT, answers.WRONG])
def test_the_release_of_week_1(kind: str) -> None:
    course = Course(REPO)
    source = course.read_source("c2w1", "assignment")
    chosen = {answer.exercise: answer for answer in answers.read_all(course.checks("c2w1", "assignment"), kind)}
    node = nbformat.read(REPO / "release/c2w1/assignment.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    for mine, theirs in zip(node["cells"], answers.answered(source, chosen.values())["cells"], strict=True):
        if mine["metadata"].get("nbgrader", {}).get("solution"):
            mine["source"] = theirs["source"]
    outputs = run_notebook(node, REPO / "release/c2w1")
    assert outputs["setup"] == []  # none of TensorFlow's log messages
    visible = (REPO / "release/c2w1/checks/assignment/visible.py").read_text()
    cell_ids = {cell.grade_id: cell.id for cell in source.code}
    for exercise, answer in chosen.items():
        text = card(outputs[cell_ids[exercise]])
        caught = any(f"def {name}(" in visible for name in answer.fails)
        assert ("✗" in text) == caught, text
        assert "not attempted" not in text
        assert "not checked" not in text or caught


DERIVED = '''
import pytest
from autograder.expect import assert_connected, assert_device, assert_no_python_loop, assert_slopes, assert_uses_ops

@pytest.mark.points(1)
def test_square_ops(student, reference, draw):
    """square multiplies whole tensors, on the CPU."""
    assert_device(student.square.devices(draw.normal(4)), "CPU:0")
    assert_uses_ops(student.square.ops(draw.normal(4)), ("multiply", "square", "pow"))
    assert_no_python_loop(student.square.growth(draw.normal(4), draw.normal(100)))

@pytest.mark.points(1)
def test_cube_slopes(student, reference, draw):
    """cube has the right slopes."""
    x = draw.normal(4, dtype="float64")
    assert_connected(student.cube.gradient(x), diagnosis=student.cube.why_none(x, wrt=0))
    assert_slopes(student.cube.slopes(x, draw=draw), reference.cube.slopes(x, draw=draw))
'''


def test_how_a_result_comes_about_is_seen_in_a_live_kernel(tmp_path: Path, starter: sandbox.Starter) -> None:
    target = hand_out(write_course(tmp_path / "course", visible=DERIVED, hidden=""), starter)
    node = notebook(STUB.format("square"), STUB.format("cube"))
    steps = {
        "loop": "def square(x):\n    return tf.constant([v**2 for v in x.numpy()])\ncheck('square')",
        "cut": "def cube(x):\n    return tf.stop_gradient(x**3)\ncheck('cube')",
        "steep": "@tf.custom_gradient\ndef cube(x):\n    return x**3, lambda above: 3 * x**2\ncheck('cube')",
        "right": "def square(x):\n    return x * x\ndef cube(x):\n    return x**3\ncheck()",
        "after": "assert not tf.config.functions_run_eagerly()\nassert tf.GradientTape.watch.__name__ == 'watch'",
    }
    node["cells"] += [code(name, source) for name, source in steps.items()]
    outputs = run_notebook(node, target)
    assert "No op of TensorFlow ran at all" in card(outputs["loop"])
    assert "No gradient goes through tf.stop_gradient" in card(outputs["cut"])
    assert "does not change with what comes from above" in card(outputs["steep"])
    shown = [output["data"]["text/plain"] for output in outputs["right"] if output["output_type"] == "display_data"]
    assert len(shown) == 2
    assert not any("✗" in text for text in shown)
    assert not errors(outputs["after"])


MANY = '''
import pytest
from autograder.expect import assert_close

@pytest.mark.points(1)
def test_square_value(student, reference, draw):
    """square multiplies each element by itself, however many there are."""
    for count in range(1, 9):
        x = draw.normal(count)
        assert_close(student.square(x), reference.square(x))
'''
WARNS = """
import logging, sys, warnings

@tf.function
def square(x):
    return x * x

def warn():
    warnings.warn("by Python")
    tf.get_logger().warning("by TensorFlow")
    logging.warning("by a logger")
    print("by hand", file=sys.stderr)

def ending(error):
    def square(x):
        warn()
        if error:
            raise error
        return x * x
    return square
"""
OWN = "warn()\nfor count in range(11, 17):\n    traced(tf.zeros([count]))"


def test_calls_of_a_check_warn_of_nothing(tmp_path: Path, starter: sandbox.Starter) -> None:
    """TensorFlow warns of a function that is traced in five calls; the check makes eight, not the student."""
    target = hand_out(write_course(tmp_path / "course", visible=MANY, hidden=""), starter)
    node = notebook(STUB.format("square"), STUB.format("cube"))
    steps = {
        "defined": WARNS,
        "traced": "check('square')\ntraced = square",
        "warned": "square = ending(None)\ncheck('square')",
        "raised": "square = ending(ValueError())\ncheck('square')",
        "stopped": "square = ending(KeyboardInterrupt())\ncheck('square')",
        "own": OWN,
    }
    node["cells"] += [code(name, source) for name, source in steps.items()]
    outputs = run_notebook(node, target)
    for step in ("traced", "warned", "raised"):
        assert [output["output_type"] for output in outputs[step]] == ["display_data"], outputs[step]
    assert "1 of 1 points" in card(outputs["traced"])
    assert [(output["output_type"], output.get("ename")) for output in outputs["stopped"]] == [
        ("error", "KeyboardInterrupt")
    ]
    told = "".join(output["text"] for output in outputs["own"])
    for words in ("by Python", "by TensorFlow", "by a logger", "by hand", "triggered tf.function retracing"):
        assert words in told
    assert not errors(outputs["own"])
