"""The notebooks that people write: in one form as files, and in the ways of TensorFlow 2.21 and Keras 3."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from courses import REPO, code, marks

from autograder.course import Course
from demo import notebooks

COURSE = Course(REPO)
EVERY = [pytest.param(path, id=str(path.relative_to(REPO))) for path in notebooks.every()]
TAGS = {"measures-time", "skip-grading"}  # CONTRIBUTING.md says what for
LESSONS = [(assignment, name) for assignment in COURSE.assignments() for name in COURSE.notebooks(assignment)]

# What was right once, and what is written instead.
OLD = {
    r"\btf\.(compat\.v1|contrib|placeholder|Session)\b": "eager code, or tf.function",
    r"\btensorflow\.(python|keras)\b": "public names, and tf.keras",
    r"\bexperimental_run_v2\b": "strategy.run",
    r"\bdata\.experimental\.AUTOTUNE\b": "tf.data.AUTOTUNE",
    r"\bexperimental_(compile|relax_shapes)\b": "jit_compile, reduce_retracing",
    r"\bkeras\.backend\b|\bimport backend\b": "TensorFlow's own ops",
    r"\b(layers|optimizers|preprocessing)\.(experimental|legacy)\b": "the same without the word",
    r"\b(fit|evaluate|predict)_generator\(": "fit, evaluate and predict, which take data sets",
    r"\breset_(states|metrics)\(": "reset_state",
    r"\bapply_gradients\(": "optimizer.apply(gradients, variables)",
    r"\boptimizer\.lr\b|\b(lr|decay)=": "learning_rate=, or a schedule",
    r"\binput_(shape|dim)=": "keras.Input as the first layer",
    r"\btf\.random\.set_random_seed\(": "tf.keras.utils.set_random_seed",
    r"\.h5\b|\bsave_format=": "the format .keras",
    r"\bnp\.(bool|int|float|object|str)\b": "Python's own type",
}


def messy() -> dict[str, Any]:
    """A notebook as Jupyter leaves it."""
    ran = {"output_type": "stream", "name": "stdout", "text": "4\n"}
    solution = code("1f3a9b2c", "def f(x):\n    return x\n\n", marks("f_of_x-solution", solution=True))
    cells = [
        code("setup", "import math", {"scrolled": True, "tags": ["skip-grading", "mine"]}),
        {"cell_type": "markdown", "id": "0a1b2c3d", "metadata": {"editable": True}, "source": "# F\r\n\nOf x.\n"},
        code("b8b5f1d2-35f1-4c9c-8a5e-0d2f5e1a7c11", "2 + 2") | {"outputs": [ran], "execution_count": 7},
        code("deadbeef", "3 + 3"),
        solution,
        code(
            "again",
            'check("f_of_x")',
            marks("f_of_x", grade=True, locked=True, points=0, checksum="12", cell_type="code"),
        ),
        code("99999999", ""),
        {"cell_type": "markdown", "id": "77777777", "metadata": {}, "source": "That was all."},
    ]
    metadata = {
        "kernelspec": {"display_name": "my-env", "language": "python", "name": "my-env"},
        "language_info": {"name": "python", "version": "3.11.2", "codemirror_mode": {"name": "ipython"}},
        "widgets": {},
    }
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}


def test_a_notebook_is_brought_into_its_form() -> None:
    text = notebooks.neat(json.dumps(messy()).encode())
    node = json.loads(text)
    assert node["metadata"] == notebooks.METADATA
    assert [cell["id"] for cell in node["cells"]] == [
        *("setup", "f-of-x-text", "f-of-x-example", "f-of-x-example-2", "f-of-x-solution", "f-of-x", "end-text")
    ]
    assert [cell["source"] for cell in node["cells"]][1] == ["# F\n", "\n", "Of x."]
    assert [cell.get("outputs", []) for cell in node["cells"]] == [[]] * 7
    assert {cell.get("execution_count") for cell in node["cells"]} == {None}
    assert [set(cell["metadata"]) for cell in node["cells"]] == [{"tags"}, *[set()] * 3, *[{"nbgrader"}] * 2, set()]
    assert node["cells"][0]["metadata"]["tags"] == ["mine", "skip-grading"]
    assert node["cells"][5]["metadata"] == marks("f_of_x", grade=True, locked=True, points=0)
    assert text.endswith("}\n")
    assert text == notebooks.neat(text.encode())
    nbformat.validate(nbformat.reads(text, 4))


def test_two_cells_never_get_the_same_id() -> None:
    cells = [code("f", "1"), code("F", "2"), code("f-2", "3"), code("x", 'check("f")', marks("f", grade=True))]
    text = notebooks.neat(json.dumps(messy() | {"cells": cells}).encode())
    names = [cell["id"] for cell in json.loads(text)["cells"]]
    assert names[3] == "f"
    assert len(set(names)) == 4


def test_the_command_formats_files_and_filters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "messy.ipynb"
    path.write_text(json.dumps(messy()))
    command = [sys.executable, "-m", "demo.notebooks", "-"]
    filtered = subprocess.run(command, cwd=REPO, input=path.read_bytes(), capture_output=True, check=True).stdout
    notebooks.main([str(path)])
    assert path.read_bytes() == filtered
    assert str(path) in capsys.readouterr().out
    notebooks.main([str(path)])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("path", EVERY)
def test_a_notebook_is_kept_in_its_form(path: Path) -> None:
    data = path.read_bytes()
    assert notebooks.neat(data).encode() == data, f"{path.name}: run make format"


def test_ruff_reads_the_notebooks() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--show-files"], cwd=REPO, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert {str(path) for path in notebooks.every()} <= set(shown)


@pytest.mark.parametrize(("assignment", "name"), LESSONS)
def test_tags_are_those_that_the_course_knows(assignment: str, name: str) -> None:
    assert {tag for cell in COURSE.read_source(assignment, name).cells for tag in cell.tags} <= TAGS


@pytest.mark.parametrize(("assignment", "name"), LESSONS)
def test_cells_are_named_after_their_exercise(assignment: str, name: str) -> None:
    """Somebody who reads a diff knows where it is: explained, asked, solved, checked."""
    cells = [cell.id for cell in COURSE.read_source(assignment, name).cells]
    for exercise in COURSE.read_source(assignment, name).exercises:
        stem = exercise.replace("_", "-")
        wanted = [f"{stem}-text", f"{stem}-task", f"{stem}-solution", stem]
        assert [cell for cell in cells if cell in wanted] == wanted


@pytest.mark.parametrize(("assignment", "name"), LESSONS)
def test_nothing_is_written_in_an_old_way(assignment: str, name: str) -> None:
    """In the notebook's code, and in its checks and probes. What learners may write is wider."""
    texts = {f"cell {cell.id}": cell.source for cell in COURSE.read_source(assignment, name).code}
    texts |= {path.name: path.read_text() for path in COURSE.checks(assignment, name).glob("*.py")}
    found = {
        f"{where}: {match.group()}": f"now: {instead}"
        for where, text in texts.items()
        for old, instead in OLD.items()
        for match in re.finditer(old, text)
    }
    assert found == {}
