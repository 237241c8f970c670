"""The benchmark's arithmetic, its courses, and that everybody runs the same checks. Nothing here has a time limit."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import nbformat
import pytest
from courses import notebook, submit

from autograder.course import Course
from autograder.notebook import parse, steps
from autograder.plugin import collect
from benchmarks import courses, table
from benchmarks.checks import Plan, load
from benchmarks.measure import Cost
from benchmarks.table import FLOOR, OURS, STOCK, Line, Spread

COURSE = Course(courses.REPO)
SOURCE = COURSE.read_source("c2w1", "assignment")

pytestmark = pytest.mark.xdist_group("benchmarks")  # two of them share what takes some seconds


def python(*arguments: object) -> str:
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, env=courses.environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


# ---- arithmetic --------------------------------------------------------------------------------------


def test_a_line_goes_through_two_measurements() -> None:
    line = Line.between("x", (2, Cost(wall=7.0, cpu=5.0)), (6, Cost(wall=15.0, cpu=9.0)))
    assert (line.each, line.start) == (Cost(2.0, 1.0), Cost(3.0, 3.0))
    assert line.per_submission(6) == Cost(15 / 6, 9 / 6)


def test_a_spread_is_the_smallest_the_median_and_the_largest() -> None:
    assert Spread.of(iter([3.0, 1.0, 8.0])) == Spread(1.0, 3.0, 8.0)
    assert Spread.of([2.0, 4.0]).text(1) == "3.0 (2.0 to 4.0)"


def rounds() -> list[dict[str, Line]]:
    def of(start: float, each: float) -> Cost:
        return Cost(wall=10 * start, cpu=start), Cost(wall=10 * each, cpu=each)

    first = {STOCK: Line(STOCK, *of(2, 6)), OURS: Line(OURS, *of(4, 1)), FLOOR: Line(FLOOR, *of(0, 0.8))}
    return [first, first | {OURS: Line(OURS, *of(4, 2))}]


def test_ratios_are_of_the_same_round() -> None:
    found = {ratio.name: ratio.values for ratio in table.ratios(rounds(), 2)}
    assert found["CPU of stock / ours, each further submission"] == Spread(3.0, 4.5, 6.0)
    assert found["throughput of ours / stock, class of 2"] == Spread(7 / 4, (7 / 4 + 7 / 3) / 2, 7 / 3)
    assert found["CPU of ours / the floor, each further"] == Spread(1 / 0.8, 1.5 / 0.8, 2 / 0.8)
    assert not any("our config" in name for name in found)


def test_tables() -> None:
    text, markdown = table.text(rounds(), 100, "How."), table.markdown(rounds(), 100, "How.")
    assert "stock nbgrader autograde  2.00 (2.00 to 2.00)" in text
    assert "| CPU of ours / the floor, each further | 1.88 (1.25 to 2.50) |" in markdown
    widths = {line.count("|") for line in markdown.splitlines() if line.startswith("|")}
    assert widths == {6, 3}
    assert json.loads(json.dumps(table.as_data(rounds(), 100)))["ratios"]


def test_the_cpu_time_of_what_a_command_leaves_behind_is_counted() -> None:
    burn = "import time; time.sleep(0.3)\nwhile time.process_time() < 0.5: pass"
    leave = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {burn!r}], start_new_session=True)"
    script = (
        "import sys, os, pathlib; from benchmarks import measure; measure.adopt_orphans()\n"
        f"cost, _ = measure.timed([sys.executable, '-c', {leave!r}], pathlib.Path('.'), os.environ)\n"
        "print(cost.cpu)"
    )
    assert float(python("-c", script)) > 0.5


# ---- courses -----------------------------------------------------------------------------------------


def test_the_submissions_are_ones_that_stock_nbgrader_can_grade() -> None:
    chosen = courses.choose(COURSE, 40)
    names = [student for student, _ in chosen]
    assert len(set(names)) == 40
    assert not [name for name in names if name.endswith(courses.NOT_FOR_STOCK)]
    tagged = [set(cell["metadata"].get("tags", ())) for cell in json.loads(chosen[0][1])["cells"]]
    assert {"skip-grading", "skip-execution"} in tagged
    assert all(len(tags) in (0, 2) for tags in tagged)
    assert len(courses.choose(COURSE, 3)) == 3


def test_stock_nbgrader_skips_the_cells_that_we_skip() -> None:
    for _, content in courses.choose(COURSE, 18):
        cells = json.loads(content)["cells"]
        ours = {step.index for step in steps(parse(content), SOURCE) if step.skip and not is_check(cells[step.index])}
        theirs = {index for index, cell in enumerate(cells) if "skip-execution" in cell["metadata"].get("tags", ())}
        assert theirs == ours != set()


def is_check(cell: dict[str, Any]) -> bool:
    return bool(cell["metadata"].get("nbgrader", {}).get("grade"))


def test_the_checks_are_those_of_grading() -> None:
    plan = courses.plan_of(COURSE)
    ours = collect(plan.folder, plan.exercises)
    theirs = load(plan)
    assert {(check.id, check.group, check.needs) for check in ours} == {
        (check.id, check.exercise, check.needs) for check in theirs
    }
    assert "pytest" in sys.modules


def test_what_stock_cells_say_is_read() -> None:
    output = {"output_type": "stream", "name": "stdout", "text": ["checks that passed: 2 of 3\n", "other\n"]}
    node = {"cells": [{"cell_type": "markdown"}, {"outputs": [output]}, {"outputs": [output, {"data": {}}]}]}
    assert courses.passed_in_stock(node) == (4, 6)


RUN = """
import dataclasses, json, sys
from pathlib import Path
from benchmarks import checks, floor
from autograder import notebook as nb

plan_path, source, submission, stock = map(Path, sys.argv[1:])
read = nb.read_source(source)
names = floor.run_cells(nb.steps(nb.read(submission), read))
plan = checks.Plan.read(plan_path)
plan = dataclasses.replace(plan, expected=checks.record(plan, names))
plan.write(plan_path)
outcomes = {}
checks.run(checks.load(plan), names, plan, outcomes)
names["tf"].square = names["tf"].sqrt  # the reference's replies are known: now something is wrong
wrong = {}
checks.run(checks.load(plan), names, plan, wrong)
print("STOCK")
for cell in json.loads(stock.read_text())["cells"]:
    if cell["metadata"].get("nbgrader", {}).get("grade"):
        try:
            exec(cell["source"], names)
        except AssertionError:
            pass
print("FOUND", json.dumps([outcomes, wrong]))
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[dict[str, str]], tuple[int, int]]:
    """The stock notebook; what the checks find in a right and in a wrong notebook; what its cells say of the latter."""
    folder = tmp_path_factory.mktemp("stock")
    plan, stock, submission = folder / "plan", folder / "stock.ipynb", folder / "submission.ipynb"
    courses.plan_of(COURSE).write(plan)
    node = courses.stock_notebook(SOURCE, plan)
    stock.write_text(json.dumps(node))
    submission.write_bytes(courses.choose(COURSE, 1)[0][1])
    printed = python("-W", "ignore", "-c", RUN, plan, COURSE.source("c2w1", "assignment"), submission, stock)
    said = printed.split("STOCK\n")[1].split("FOUND ")
    cell = {"outputs": [{"output_type": "stream", "text": said[0]}]}
    assert set(Plan.read(plan).expected) == {check.id for check in load(Plan.read(plan))}
    return node, json.loads(said[1]), courses.passed_in_stock({"cells": [cell]})


def test_the_stock_notebook_is_valid(ran: Any) -> None:
    node = ran[0]
    nbformat.validate(nbformat.from_dict(node))
    sources = [cell["source"] for cell in node["cells"]]
    assert not any(source.startswith("check(") for source in sources)
    assert sum("### BEGIN HIDDEN TESTS" in source for source in sources) == len(SOURCE.exercises)


def test_the_stock_cells_run_the_same_checks_with_the_same_result(ran: Any) -> None:
    _, (right, wrong), said = ran
    every = {check.id for check in load(courses.plan_of(COURSE))}
    assert set(right) == set(wrong) == every
    assert set(right.values()) == {"passed"}
    assert {"passed", "failed", "skipped"} == set(wrong.values())
    assert said == (list(wrong.values()).count("passed"), len(every))


def test_work_is_graded_without_isolation_where_that_is_told(course: Course) -> None:
    path = submit(course, "ada", notebook())
    told = python("-m", "benchmarks.level", "L0", "grade", path, "--course", course.root, "--json", "-")
    assert json.loads(told)["isolation"] == "L0"
