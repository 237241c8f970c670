"""docs/checks.md: it is complete and fresh, and every example on it is true."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from courses import Shared

from autograder import expect, plugin, sandbox, student
from autograder.draw import Draw
from autograder.model import Outcome, Status
from autograder.notebook import Step
from autograder.sandbox import Limits, Session
from demo import checks

ENTRIES = checks.entries()
EXAMPLES = [entry.example for entry in ENTRIES if entry.example is not None]
IMPORTS = "import numpy as np\nimport tensorflow as tf\nfrom tensorflow import keras\n"
HEAD = """
import numpy as np
import pytest
from autograder import spec
from autograder.expect import *
from autograder.student import *
"""
# What needs no example: parts of another's, and what demands nothing.
WITHOUT = {
    *("Proxy.probe", "CheckFailed", "FlakeRate", "Gate", "Run"),
    *("describe", "fail", "flake_rate", "kind_of", "measuring_flakes"),
}


def test_the_page_is_fresh() -> None:
    assert checks.PAGE.read_text(encoding="utf-8") == checks.page(), "run `make docs`"


def test_the_page_tells_of_everything() -> None:
    headings = set(re.findall(r"^### `(\S+)`$", checks.PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    methods = {
        f"{owner.__name__}.{name}"
        for owner in (student.Proxy, student.Name, Draw)
        for name in dir(owner)
        if not name.startswith("_")
    }
    described = {name for name in headings if name.startswith(("spec.", "stand_in."))}
    assert {"spec.model", "spec.dataset", "stand_in.strategy", "stand_in.batch"} <= described
    assert headings - described == methods | {"Name.__call__"} | set(expect.__all__) - {"stand_in"} | {
        name for name in dir(student) if name.startswith("as_")
    }


def test_every_link_of_the_page_leads_somewhere() -> None:
    text = checks.PAGE.read_text(encoding="utf-8")
    anchors = {checks._anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    links = re.findall(r"\]\(#([^)]+)\)", text)
    assert links
    assert set(links) <= anchors


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_everything_is_told_with_an_example(entry: checks.Entry) -> None:
    assert entry.text
    if entry.section in ("Ask", "Demand") and entry.name not in WITHOUT:
        assert entry.example is not None


def test_an_example_has_all_its_parts() -> None:
    assert checks.split("f", "Does it.\n\nArgs:\n    x: One.") == ("Does it.\n\nArgs:\n    x: One.", None)
    with pytest.raises(ValueError, match="f lacks Check, Message"):
        checks.split("f", "Does it.\n\nRight::\n\n    x = 1\n\nWrong::\n\n    x = 2")


# ---- the examples are true ---------------------------------------------------------------------------


def declared(check: str) -> tuple[str, str]:
    """The name of a check, and its text with the mark and the docstring that every check has."""
    (function,) = [node for node in ast.parse(check).body if isinstance(node, ast.FunctionDef)]
    lines = check.splitlines()
    lines.insert(function.body[0].lineno - 1, '    """It is as it should be."""')
    lines.insert(function.lineno - 1, '@pytest.mark.points(1, group="example")')
    return function.name, "\n".join(lines)


def outcome(example: checks.Example, code: str, folder: Path, starter: sandbox.Starter) -> Outcome:
    """What comes of an example's check for some code, with the example's right answer as the reference."""
    name, check = declared(example.check)
    folder.mkdir()
    (folder / "visible.py").write_text(f"{HEAD}\n\n{check}\n", encoding="utf-8")
    found: list[Outcome] = []

    def reported(_: plugin.Subject, outcomes: tuple[Outcome, ...] | object) -> None:
        assert isinstance(outcomes, tuple), outcomes
        found.extend(outcomes)

    limits = Limits(devices=4, request_seconds=60, multi_worker=True)
    sources = code, example.right, ""
    with (
        Session(starter, steps(sources[0]), limits) as graded,
        Session(starter, steps(sources[1]), limits) as reference,
        Session(starter, [], limits) as clean,
    ):
        subject = plugin.Subject(graded, reference, seed=11, clean=clean)
        plugin.run(folder, ["example"], [subject], reported)
    assert [each.check.id for each in found] == [name]
    return found[0]


def steps(source: str) -> list[Step]:
    return [Step(0, "imports", IMPORTS), Step(1, "answer", source)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_is_true(example: checks.Example, tmp_path: Path, starter: sandbox.Starter) -> None:
    right = outcome(example, example.right, tmp_path / "right", Shared(starter))
    assert (right.status, right.message) == (Status.PASSED, "")
    wrong = outcome(example, example.wrong, tmp_path / "wrong", Shared(starter))
    assert wrong.status is Status.FAILED
    assert re.fullmatch(example.pattern, wrong.message, re.DOTALL), wrong.message
