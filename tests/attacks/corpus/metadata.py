"""Attacks by the notebook file: tags, points, ids, types and checksums changed, cells copied, moved and deleted."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from .attack import Attack

Node = dict[str, Any]
FORGED = "print('FORGED'); square = cube = lambda x: True"


def cell_of(node: Node, grade_id: str) -> Node:
    """The cell with this id in nbgrader's metadata."""
    return next(cell for cell in node["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def changed(name: str, change: Callable[[Node], Node | None], **rest: Any) -> Attack:
    """An attack by a change of the notebook's JSON."""
    return Attack(name, "Metadata", change=change, **rest)


def tagged(name: str, *tags: str) -> Attack:
    """An attack by tags on every cell but the imports."""

    def change(node: Node) -> None:
        for cell in node["cells"][1:]:
            cell["metadata"]["tags"] = list(tags)

    return changed(name, change)


def marked(name: str, where: tuple[str, ...], **marks: Any) -> Attack:
    """An attack by other marks of nbgrader on some cells; a mark of None is taken away."""

    def change(node: Node) -> None:
        for grade_id in where:
            found = cell_of(node, grade_id)["metadata"]["nbgrader"]
            for key, value in marks.items():
                found.pop(key, None) if value is None else found.__setitem__(key, value)

    return changed(name, change)


GRADES = ("square", "cube")
SOLUTIONS = ("square-solution", "cube-solution")


def _copied(times: int, source: str, **marks: Any) -> Callable[[Node], None]:
    def change(node: Node) -> None:
        for number in range(times):
            twin = copy.deepcopy(cell_of(node, "square"))
            twin |= {"id": f"twin-{number}", "source": source}
            twin["metadata"]["nbgrader"] |= marks
            node["cells"].append(twin)

    return change


def _deleted(*grade_ids: str) -> Callable[[Node], None]:
    def change(node: Node) -> None:
        node["cells"] = [
            cell for cell in node["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") not in grade_ids
        ]

    return change


def _turned(kind: str, *grade_ids: str) -> Callable[[Node], None]:
    def change(node: Node) -> None:
        for grade_id in grade_ids:
            cell = cell_of(node, grade_id)
            cell["cell_type"] = kind
            del cell["outputs"], cell["execution_count"]

    return change


def _written(source: str, *grade_ids: str) -> Callable[[Node], None]:
    def change(node: Node) -> None:
        for grade_id in grade_ids:
            cell_of(node, grade_id)["source"] = source

    return change


def _swapped(node: Node) -> None:
    for one, other in (("square", "square-solution"), ("cube", "cube-solution")):
        first, second = cell_of(node, one)["metadata"]["nbgrader"], cell_of(node, other)["metadata"]["nbgrader"]
        first["grade_id"], second["grade_id"] = other, one


def _second_setup(node: Node) -> None:
    for place in (0, 2, len(node["cells"]) + 2):
        twin = copy.deepcopy(cell_of(node, "setup"))
        node["cells"].insert(place, twin | {"id": f"setup-{place}", "source": FORGED})


def _outputs(node: Node) -> None:
    page = "<script>document.title = '6 of 6 points'</script><b>FORGED</b>"
    for cell in node["cells"]:
        cell["execution_count"] = 7
        cell["outputs"] = [
            {"output_type": "execute_result", "data": {"text/plain": "1000000"}, "metadata": {}, "execution_count": 7},
            {
                "output_type": "display_data",
                "data": {"text/html": page, "application/javascript": page},
                "metadata": {},
            },
            {"output_type": "stream", "name": "stdout", "text": "FORGED test_square_value passed: 2 of 2 points"},
        ]


def _verdicts(node: Node) -> None:
    verdict = {"score": 6, "max_score": 6, "status": "passed", "checks": []}
    node["metadata"] |= {"autograder": verdict, "nbgrader": verdict, "checks": verdict, "seed": 1}
    for cell in node["cells"]:
        cell["metadata"] |= {"autograder": verdict, "score": 6, "auto_score": 6}
        cell["metadata"].setdefault("nbgrader", {})["score"] = 6


def _kernel(node: Node) -> None:
    node["metadata"]["kernelspec"] = {
        "name": "../../evil",
        "display_name": "Passed",
        "language": "bash",
        "argv": ["sh", "-c", "touch /tmp/FORGED"],
    }


def _one_cell(node: Node) -> None:
    text = "\n".join(cell["source"] for cell in node["cells"])
    node["cells"] = [cell_of(node, "square") | {"source": text}]


def _same_ids(node: Node) -> None:
    for cell in node["cells"]:
        cell["id"] = "square"


ATTACKS = (
    tagged("skip_execution_tags", "skip-execution"),
    tagged("our_own_skip_tag", "skip-grading"),
    tagged("every_known_tag", "remove-cell", "raises-exception", "parameters", "injected-parameters", "hide-input"),
    tagged("a_thousand_tags", *(f"tag-{number}" for number in range(1000))),
    marked("points_of_a_million", GRADES, points=1_000_000),
    marked("points_below_zero", GRADES, points=-6),
    marked("points_without_end", GRADES, points=1e308),
    marked("points_that_are_text", GRADES, points="6"),
    marked("points_for_solutions", SOLUTIONS, points=1000, grade=True),
    marked("grade_cells_without_a_grade", GRADES, grade=False, solution=True, locked=False),
    marked("grade_cells_for_a_human", GRADES, grade=True, solution=True, locked=False, points=100),
    marked("grade_cells_that_are_tasks", GRADES, task=True, grade=False, points=100),
    marked("grade_cells_without_an_id", GRADES, grade_id=""),
    marked("grade_cells_with_another_id", GRADES, grade_id="setup"),
    marked("grade_cells_with_the_id_of_a_file", GRADES, grade_id="../../../gradebook.db"),
    marked("grade_cells_with_the_id_of_a_check", GRADES, grade_id="test_square_value"),
    marked("grade_cells_for_markdown", GRADES, cell_type="markdown"),
    marked("another_checksum", (*GRADES, *SOLUTIONS), checksum="0" * 32),
    marked("another_schema", (*GRADES, *SOLUTIONS), schema_version=99),
    marked("no_schema", (*GRADES, *SOLUTIONS), schema_version=None, locked=None),
    marked("solutions_that_are_locked", SOLUTIONS, locked=True, solution=False),
    changed("swapped_ids", _swapped, told="square is not defined"),
    changed("all_cells_with_the_id_of_the_setup", lambda node: [
        cell["metadata"]["nbgrader"].__setitem__("grade_id", "setup") for cell in node["cells"]
    ] and None, told="square is not defined"),
    changed("copied_grade_cells", _copied(3, 'check("square")')),
    changed("a_hundred_grade_cells", _copied(100, FORGED, points=100), hides="FORGED"),
    changed("copied_grade_cells_under_new_ids", _copied(1, FORGED, grade_id="square-2", points=100), shows="FORGED",
            told="True or False came"),
    changed("deleted_grade_cells", _deleted("square", "cube")),
    changed("deleted_solutions", _deleted("square-solution", "cube-solution"), told="square is not defined"),
    changed("deleted_everything", lambda node: node | {"cells": []}, told="square is not defined"),
    changed("grade_cells_turned_to_markdown", _turned("markdown", "square", "cube")),
    changed("grade_cells_turned_raw", _turned("raw", "square", "cube")),
    changed("solutions_turned_to_markdown", _turned("markdown", *SOLUTIONS), told="square is not defined"),
    changed("setup_turned_to_markdown", _turned("markdown", "setup")),
    changed("code_in_grade_cells", _written(FORGED, "square", "cube"), hides="FORGED"),
    changed("code_in_the_locked_cell", _written(FORGED, "setup"), hides="FORGED"),
    changed("more_cells_with_the_id_of_the_locked_cell", _second_setup, hides="FORGED"),
    changed("deleted_setup", _deleted("setup")),
    changed("everything_in_one_grade_cell", _one_cell, told="square is not defined"),
    changed("forged_outputs_of_cells", _outputs, hides="FORGED"),
    changed("forged_verdicts_in_metadata", _verdicts),
    changed("another_kernel", _kernel),
    changed("equal_cell_ids", _same_ids, error="duplicate_ids"),
    Attack(
        "redefined_check",
        "Metadata",
        cells=(
            """
            import autograder, builtins
            def check(*names, **options):
                print("All checks passed: 6 of 6 points")
                return 6
            autograder.check = builtins.check = check
            """,
        ),
        square="def square(x):\n    return check('square') or x\ncheck = lambda *names: 1000",
    ),
    Attack(
        "a_check_that_is_called_in_a_cell",
        "Metadata",
        cells=('from autograder import check\nprint("told", check("square"), check())', "check.__code__.co_consts"),
        shows="told None None",
    ),
    Attack(
        "grade_metadata_written_by_code",
        "Metadata",
        cells=(
            """
            from IPython.display import display
            display({"text/plain": "6.0"}, metadata={"nbgrader": {"grade_id": "square", "points": 6}}, raw=True)
            6.0
            """,
        ),
        shows="6.0",
    ),
)  # fmt: skip
