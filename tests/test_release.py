"""Releases and solutions: made by nbgrader's own commands, fresh, and without anything that is secret."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from courses import REPO, Shared

from autograder import notebook, sandbox, wire
from autograder.course import Course, release_seed
from autograder.errors import CourseError
from autograder.grade import record
from autograder.release import Release
from autograder.wire import Tensor

ASSIGNMENTS = Course(REPO).assignments()
# What the solutions are run with: whatever Python warns of is an error, and so is whatever TensorFlow calls deprecated.
STRICT = '__import__("warnings").simplefilter("error")\n__import__("tensorflow").experimental.enable_strict_mode()\n'
OPTIONAL = ("c2w4/multi_worker",)  # worth no points


def nbgrader(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(
        command, cwd=root, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module", params=ASSIGNMENTS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A copy of the course in which an assignment's release and solution have just been made."""
    name: str = request.param
    root = tmp_path_factory.mktemp("made")
    for part in (f"source/{name}", f"tests/graded/{name}"):
        shutil.copytree(REPO / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPO / "nbgrader_config.py", root)
    generate(root, "generate_assignment", name)
    kept = {path: path.read_text() for path in (root / "source" / name).glob("*.ipynb")}
    for path, text in kept.items():
        path.write_text(strict(text))
    generate(root, "generate_solution", name)
    for path, text in kept.items():
        path.write_text(text)
    yield name, root


def generate(root: Path, command: str, name: str) -> None:
    done = nbgrader(root, command, name)
    assert done.returncode == 0, done.stderr


def strict(text: str) -> str:
    """A notebook that says in its first code cell that nothing is to be warned of."""
    node = json.loads(text)
    first = next(cell for cell in node["cells"] if cell["cell_type"] == "code")
    first["source"] = STRICT + "".join(first["source"])
    return json.dumps(node)


def files(folder: Path) -> dict[str, Path]:
    found = (path for path in folder.rglob("*") if path.is_file() and not _is_left_by_running(path))
    return {str(path.relative_to(folder)): path for path in found}


def _is_left_by_running(path: Path) -> bool:
    return "__pycache__" in path.parts or ".ipynb_checkpoints" in path.parts


def comparable(text: str) -> Any:
    """A solution without what differs between two runs: pictures (fonts and libraries differ) and measured times."""
    node = json.loads(text)
    for cell in node["cells"]:
        cell["source"] = "".join(cell["source"]).removeprefix(STRICT)
        if "measures-time" in cell["metadata"].get("tags", []):
            cell["outputs"] = [output["output_type"] for output in cell["outputs"]]
            continue
        for output in cell.get("outputs", []):
            for mime in output.get("data", {}):
                if mime.startswith("image/"):
                    output["data"][mime] = "a picture"
    return node


def replies(text: str) -> dict[str, Any]:
    return {key: wire.unpack(base64.b64decode(data)) for key, data in json.loads(text)["replies"].items()}


def assert_same(mine: Any, theirs: Any) -> None:
    """Equal data, with floats equal up to what two processors may differ in."""
    assert type(mine) is type(theirs)
    if isinstance(mine, Tensor):
        assert (mine.kind, mine.dtype, mine.shape) == (theirs.kind, theirs.dtype, theirs.shape)
        if mine.array.dtype == object:
            assert mine.array.tolist() == theirs.array.tolist()
        else:
            np.testing.assert_allclose(mine.array, theirs.array, rtol=1e-4, atol=1e-6)
    elif isinstance(mine, (tuple, list)):
        assert len(mine) == len(theirs)
        for one, other in zip(mine, theirs, strict=True):
            assert_same(one, other)
    elif isinstance(mine, dict):
        assert set(mine) == set(theirs)
        for key in mine:
            assert_same(mine[key], theirs[key])
    else:
        assert mine == theirs


def test_the_committed_release_is_fresh(made: tuple[str, Path], starter: sandbox.Starter) -> None:
    name, root = made
    fresh, kept = files(root / "release" / name), files(REPO / "release" / name)
    assert set(fresh) == set(kept)
    for path, file in fresh.items():
        if path.endswith("recorded.json"):
            mine, theirs = json.loads(file.read_text()), json.loads(kept[path].read_text())
            assert {**mine, "replies": None} == {**theirs, "replies": None}
            now, then = replies(file.read_text()), replies(kept[path].read_text())
            if starter.machine.choice.level < "L3":  # two workers cannot be asked here
                then = {key: reply for key, reply in then.items() if key in now}
            assert_same(now, then)
        else:
            assert file.read_text() == kept[path].read_text(), f"{path} is stale; run make course"


def test_the_committed_solution_is_fresh_and_executed(made: tuple[str, Path], starter: sandbox.Starter) -> None:
    name, root = made
    fresh, kept = files(root / "solutions" / name), files(REPO / "solutions" / name)
    assert set(fresh) == set(kept)
    for path, file in fresh.items():
        if starter.machine.choice.level == "L3" or f"{name}/{file.stem}" not in OPTIONAL:  # which shows two workers
            assert comparable(file.read_text()) == comparable(kept[path].read_text()), f"{path}: make course"
        cells = [cell for cell in json.loads(file.read_text())["cells"] if cell["cell_type"] == "code"]
        graded = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade")]
        assert graded
        assert all("✓" in json.dumps(cell["outputs"], ensure_ascii=False) for cell in graded)
        assert not any("error" in (output["output_type"] for output in cell["outputs"]) for cell in cells)
        ran = [cell for cell in cells if cell not in graded]
        assert all(cell["execution_count"] for cell in ran)


def test_a_notebook_runs_without_a_warning(made: tuple[str, Path]) -> None:
    """From its first cell to its last, on TensorFlow 2.21 and Keras 3; neither it nor what it calls is deprecated."""
    name, root = made
    for path in (root / "solutions" / name).glob("*.ipynb"):
        cells = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
        assert "".join(cells[0]["source"]).startswith(STRICT)
        told = {
            f"{path.stem}, cell {cell['id']}": output.get("text") or output["evalue"]
            for cell in cells
            for output in cell["outputs"]
            if output["output_type"] == "error" or output.get("name") == "stderr"
        }
        assert told == {}


def test_the_points_of_a_release_come_from_its_checks(made: tuple[str, Path]) -> None:
    name, root = made
    for path in (root / "source" / name).glob("*.ipynb"):
        source = json.loads(path.read_text())
        release = json.loads((root / "release" / name / path.name).read_text())
        for before, after in zip(source["cells"], release["cells"], strict=True):
            if before["metadata"].get("nbgrader", {}).get("grade"):
                assert before["metadata"]["nbgrader"]["points"] == 0
                assert (after["metadata"]["nbgrader"]["points"] > 0) is (f"{name}/{path.stem}" not in OPTIONAL)


def has_hidden_checks(folder: Path) -> bool:
    """A lab shows all of its checks."""
    return (folder / "hidden.py").is_file()


def _lines(text: str) -> set[str]:
    """The lines of some code that say something of their own."""
    return {line.strip() for line in text.splitlines() if len(line.strip()) > 20}


def test_a_release_holds_no_solution_and_nothing_of_a_hidden_check(made: tuple[str, Path]) -> None:
    name, root = made
    course = Course(root)
    everything = "\n".join(path.read_text() for path in files(root / "release" / name).values())
    everything = everything.replace("\\n", "\n").replace('\\"', '"')
    # What one notebook tells is no secret in another one either.
    sources = {which: course.read_source(name, which) for which in course.notebooks(name)}
    every = [cell for source in sources.values() for cell in source.cells]
    told = [notebook.stub(cell.source) if cell.solution else cell.source for cell in every]
    told += [(course.checks(name, which) / "visible.py").read_text() for which in sources]
    taught = "\n".join(told)
    for which, source in sources.items():
        folder = course.checks(name, which)
        secret = set()
        for cell in source.cells:
            if cell.solution:
                secret |= _lines(cell.source) - _lines(notebook.stub(cell.source))
        visible = (folder / "visible.py").read_text()
        hidden = (folder / "hidden.py").read_text() if has_hidden_checks(folder) else ""
        secret |= _lines(hidden) - _lines(visible)
        secret |= set(re.findall(r"def (test_\w+)", hidden))
        assert len(secret) > (20 if hidden else 5)
        assert [line for line in secret if line in everything and line not in taught] == []
        assert "BEGIN SOLUTION" not in everything
        assert "hidden.py" not in [path.name for path in files(root / "release" / name).values()]


def test_a_release_holds_no_value_that_a_hidden_check_expects(made: tuple[str, Path], starter: sandbox.Starter) -> None:
    name, root = made
    course = Course(root)
    for which in course.notebooks(name):
        kept = replies((root / f"release/{name}/checks/{which}/recorded.json").read_text())
        seed = release_seed(name, which)  # even with the seed of the release, which grading never uses
        visible = record(course, name, which, seed, Shared(starter))
        every = record(course, name, which, seed, Shared(starter), hidden=True)
        assert set(kept) == set(visible) <= set(every)
        assert (set(visible) < set(every)) == has_hidden_checks(course.checks(name, which))
        shown = {wire.pack(reply) for reply in visible.values()}
        expected = [wire.pack(every[key]) for key in set(every) - set(visible)]
        told = [value for value in expected if value in shown and len(value) > 200]
        assert told == []
        assert course.seed(name, which) != seed


def test_a_damaged_release_says_what_to_do(made: tuple[str, Path], tmp_path: Path) -> None:
    name, root = made
    which = Course(root).notebooks(name)[0]
    shutil.copytree(root / f"release/{name}/checks/{which}", tmp_path / which)
    assert Release.read(tmp_path / which).exercises
    manifest = tmp_path / which / "recorded.json"
    data = json.loads(manifest.read_text())
    for damaged in ("", "[]", json.dumps({**data, "replies": {"x": "?"}}), json.dumps({**data, "schema": 0})):
        manifest.write_text(damaged)
        with pytest.raises(CourseError, match=r"fetch the assignment again|another version"):
            Release.read(tmp_path / which)
