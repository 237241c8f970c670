"""Validation: what is demanded of an assignment, and what is told where a demand is not met."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from courses import CUBE, HIDDEN, SQUARE, STUB, VISIBLE, Shared, code, marks, notebook, write_course

from autograder import cli, findings, release, sandbox, validate
from autograder.course import Course
from autograder.errors import UsageError
from autograder.expect import FlakeRate
from autograder.findings import Fate, Finding, Judged, Noise, Report, Severity
from autograder.mutants import Mutant

NAMES = ("small", "powers")
VALUE, GRADIENT, CUBED = "test_square_value", "test_square_gradient", "test_cube_value"
GOOD = {
    "wrong/square/doubled.py": f'"""Doubles.\n\nFails: {VALUE}\n"""\n\n\ndef square(x):\n    return x + x\n',
    "wrong/square/numpy_inside.py": f'"""Leaves TensorFlow on the way.\n\nFails: {GRADIENT}\n"""\n\n\n'
    "def square(x):\n    return tf.constant(x.numpy() ** 2)\n",
    "wrong/cube/squared.py": f'"""Squares.\n\nFails: {CUBED}\n"""\n\n\ndef cube(x):\n    return x * x\n',
    "right/square/power.py": '"""Uses the operator."""\n\n\ndef square(x):\n    return x**2\n',
    "right/cube/product.py": '"""Multiplies."""\n\n\ndef cube(x):\n    return x * x * x\n',
}


def make(
    root: Path,
    *,
    answers: Mapping[str, str] = GOOD,
    square: str = SQUARE,
    cube: str = CUBE,
    visible: str = VISIBLE,
    hidden: str = HIDDEN,
    node: Mapping[str, Any] | None = None,
) -> Course:
    """The small course with known answers, by their path."""
    course = write_course(root / "course", visible, hidden)
    content = node or notebook(square, cube)
    course.source(*NAMES).write_text(json.dumps(content))
    for name, text in answers.items():
        path = course.checks(*NAMES) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return course


def proved(course: Course, starter: sandbox.Starter, **options: Any) -> Report:
    """Validate with few seeds, and without mutants and noise unless asked for."""
    options = {"seeds": 5, "with_mutants": False, "with_noise": False} | options
    return validate.validate(course, *NAMES, Shared(starter), **options)


def found(report: Report, demand: str | None = None) -> dict[tuple[str, str], str]:
    """Where something was found, and how severe it is, with what it is."""
    return {
        (str(finding.severity), finding.where): finding.what
        for finding in report.findings
        if demand in (None, finding.demand)
    }


def solution(name: str, *lines: str) -> str:
    """A solution cell."""
    body = "\n".join(f"    {line}" for line in ("### BEGIN SOLUTION", *lines, "### END SOLUTION"))
    return f"def {name}(x):\n{body}"


# ---- all is well -------------------------------------------------------------------------------------


def test_a_good_assignment_meets_every_demand(tmp_path: Path, starter: sandbox.Starter) -> None:
    report = proved(make(tmp_path), starter, with_mutants=True, with_noise=True, min_killed=1.0, jobs=2, seeds=7)
    assert found(report) == {}
    assert report.ok
    assert report.tried == tuple(findings.DEMANDS)
    assert (report.seeds, report.exercises, report.checks, report.points) == (7, ("square", "cube"), 3, 6.0)
    assert (report.wrong, report.right) == (3, 2)
    assert len(report.settings) == 4
    fates = report.fates()
    assert fates[Fate.KILLED] == len(report.mutants) > 8
    assert all(judged.caught_by for judged in report.mutants)


def test_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    course = make(tmp_path)
    assert cli.main(["validate", "small", "--course", str(course.root), "--json", "-", "--only", "cube"]) == 0
    out, err = capfd.readouterr()
    assert err == ""  # no progress bar where there is no terminal
    told = json.loads(out)
    assert (told["schema"], told["ok"], len(told["notebooks"])) == (1, True, 1)
    (only,) = told["notebooks"]
    assert (only["assignment"], only["notebook"], only["wrong"], only["right"]) == ("small", "powers", 1, 1)
    assert {mutant["exercise"] for mutant in only["mutants"]["all"]} == {"cube"}
    assert only["mutants"]["killed"] == len(only["mutants"]["all"]) > 3


# ---- points, ids and cells ---------------------------------------------------------------------------


def test_points_ids_and_cells_that_disagree(tmp_path: Path, starter: sandbox.Starter) -> None:
    cells = [
        code("setup", "import tensorflow as tf\nfrom autograder import check", marks("setup", locked=True)),
        code("square-solution", SQUARE, marks("square-solution", solution=True)),
        code("square", 'check("cube")', marks("square", grade=True, locked=True, points=9)),
        code("cube", 'check("cube")', marks("cube", grade=True, locked=True, points=0)),
        code("twice", "1", marks("square", locked=True)),
        code("late", "def late(x):\n    return x", marks("late", solution=True)),
    ]
    visible = (
        VISIBLE.replace("points(1)", "points(0)").replace("student.cube(x)", "x").replace("reference.cube(x)", "x")
    )
    answers = {
        "wrong/root/a.py": f'"""A.\n\nFails: {VALUE}\n"""\ndef root(x): ...',
        "wrong/square/b.py": f'"""B.\n\nFails: {CUBED}\n"""\ndef square(x): ...',
        "wrong/square/c.py": '"""C.\n\nFails: test_square_other\n"""\ndef square(x): ...',
    }
    course = make(tmp_path, answers=answers, visible=visible, node=notebook() | {"cells": cells})
    report = proved(course, starter)
    assert not report.ok
    told = [(finding.severity, finding.where, finding.what) for finding in report.findings if finding.demand == "files"]
    wanted = [
        ("demand", "square", "two cells have this id"),
        ("demand", "square", "its grade cell does not check it"),
        ("warning", "square", "says 9 points"),
        ("warning", "square", "no known right answer"),
        ("demand", "cube", "no solution cell"),
        ("demand", "cube", "worth no points"),
        ("warning", "cube", "no known wrong answer"),
        ("warning", "cube", "no known right answer"),
        ("warning", "late", "nothing checks it"),
        ("warning", "late", "no ### BEGIN SOLUTION"),
        ("demand", "wrong/root/a.py", "no exercise 'root'"),
        ("demand", "wrong/square/b.py", f"fails {CUBED}, which is no check of square"),
        ("demand", "wrong/square/c.py", "test_square_other"),
    ]
    for severity, where, words in wanted:
        assert any((s, w) == (severity, where) and words in what for s, w, what in told), (severity, where, words)
    assert len(told) == len(wanted)


def test_a_notebook_without_a_single_point_is_optional(tmp_path: Path, starter: sandbox.Starter) -> None:
    visible, hidden = (re.sub(r"points\(\d", "points(0", text) for text in (VISIBLE, HIDDEN))
    report = proved(make(tmp_path, visible=visible, hidden=hidden), starter)
    assert found(report) == {}
    assert (report.ok, report.points) == (True, 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"visible": VISIBLE.replace("test_cube_value", "test_root_value")}, "belongs to no grade cell"),
        ({"visible": VISIBLE.split("@pytest.mark.points(1)")[0]}, "'cube' has no check"),
        ({"answers": GOOD | {"wrong/cube/a.py": "def cube(x: ..."}}, "does not parse"),
        ({"answers": GOOD | {"right/cube/a.py": "def cube(x): ..."}}, "no docstring"),
        ({"node": {"nbformat": 4}}, "powers.ipynb"),
    ],
    ids=["no grade cell", "no check", "answer that is no Python", "answer without docstring", "no notebook"],
)
def test_what_cannot_be_read_is_a_finding(
    tmp_path: Path, starter: sandbox.Starter, change: dict[str, Any], words: str
) -> None:
    report = proved(make(tmp_path, **change), starter)
    (finding,) = report.findings
    assert (finding.severity, finding.demand) == (Severity.DEMAND, "files")
    assert words in finding.what
    assert not report.ok and report.tried == ("files",)


def test_what_does_not_exist_is_a_usage_error(tmp_path: Path, starter: sandbox.Starter) -> None:
    course = make(tmp_path)
    with pytest.raises(UsageError, match="no exercise 'root'"):
        proved(course, starter, only=["root"])
    with pytest.raises(UsageError, match="no assignment 'large'"):
        validate.validate(course, "large", "powers", Shared(starter))


def test_a_release_that_is_older_than_its_source(tmp_path: Path, starter: sandbox.Starter) -> None:
    course = make(tmp_path)
    made = course.root / "release" / "small"
    for name, data in release.files(course, *NAMES, Shared(starter)).items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(data)
    node = notebook(*(STUB.format(name) for name in ("square", "cube")))
    for cell, points in zip(node["cells"][2::2], (5, 1), strict=True):
        cell["metadata"]["nbgrader"]["points"] = points
    (made / "powers.ipynb").write_text(json.dumps(node))
    assert found(proved(course, starter)) == {}

    def stale(*names: str) -> dict[tuple[str, str], str]:
        return {("warning", f"release/small/{name}"): "it is not what the source gives now" for name in names}

    course.source(*NAMES).write_text(json.dumps(notebook(extra=["1 + 1"])))
    assert found(proved(course, starter)) == stale("powers.ipynb")
    (course.checks(*NAMES) / "visible.py").write_text(VISIBLE.replace("draw.normal(5)", "draw.normal(6)"))
    report = proved(course, starter)
    assert report.ok  # it can be made again at any time
    assert found(report) == stale("powers.ipynb", "checks/powers/visible.py", "checks/powers/recorded.json")


# ---- the reference -----------------------------------------------------------------------------------


def test_a_reference_that_is_not_stable(tmp_path: Path, starter: sandbox.Starter) -> None:
    square = solution("square", "import os", "return x * x * (1.0 + os.urandom(1)[0])")
    report = proved(make(tmp_path, square=square), starter)
    told = found(report, "reference")
    assert "the reference does not pass it with" in told["demand", VALUE]
    assert ("demand", CUBED) not in told
    assert {n.check for n in report.noise} <= {VALUE, GRADIENT}
    # What does not hold for the reference itself is told once, and not of each answer again.
    assert found(report, "wrong") == {} and found(report, "right") == {}


def test_a_reference_that_fails_with_some_seeds(tmp_path: Path, starter: sandbox.Starter) -> None:
    visible = VISIBLE.replace(
        "x = draw.normal(2, 3)", "x = draw.normal(2, 3)\n    assert draw.size(1, 3) < 3, 'too large'"
    )
    report = proved(make(tmp_path, visible=visible), starter, seeds=12)
    what = found(report, "reference")["demand", CUBED]
    assert re.search(r"with \d+ of 12 seeds \(\d", what) and "too large" in what


def test_a_reference_whose_cells_fail(tmp_path: Path, starter: sandbox.Starter) -> None:
    report = proved(make(tmp_path, node=notebook(extra=["1 / 0"])), starter)
    assert found(report, "reference") == {("demand", "cell 2"): "it raises ZeroDivisionError: division by zero"}


def test_a_reference_that_passes_nothing(tmp_path: Path, starter: sandbox.Starter) -> None:
    broken = solution("square", "return y"), solution("cube", "return y")
    report = proved(make(tmp_path, square=broken[0], cube=broken[1]), starter, with_mutants=True)
    assert {where for _, where in found(report, "reference")} >= {VALUE, CUBED}
    assert report.tried == ("files", "reference") and report.mutants == ()


def test_checks_that_rest_on_one_that_the_reference_does_not_pass(tmp_path: Path, starter: sandbox.Starter) -> None:
    """They are told of by what they wait for, and nothing that needs their replies stumbles over them."""
    later = '''
@pytest.mark.points(1, needs="test_square_gradient")
def test_square_again(student, reference, draw):
    """square has the right values for large tables, too."""
    x = draw.normal(9, 9)
    assert_close(student.square(x), reference.square(x))
'''
    small = VISIBLE.replace(
        "x = draw.normal(5)", "x = draw.normal(draw.size(1, 2))\n    assert x.size < 2, 'too large'"
    )
    report = proved(
        make(tmp_path, visible=small, hidden=HIDDEN + later), starter, seeds=8, with_noise=True, with_mutants=True
    )
    told = {finding.where: finding for finding in report.findings if finding.demand == "reference"}
    assert set(told) == {VALUE, GRADIENT, "test_square_again"}
    assert "the reference does not pass it with" in told[VALUE].what and "too large" in told[VALUE].what
    for name, need in ((GRADIENT, VALUE), ("test_square_again", GRADIENT)):
        assert re.fullmatch(
            rf"it could not be tried with [1-7] of 8 seeds .*: it needs {need}, which the reference does not pass",
            told[name].what,
        )
        assert told[name].todo.startswith(f"Mend {need} first.")
    assert {where for _, where in found(report)} == {*told, "visible.py"}  # no release can be made, and that is all
    assert {"tolerance", "right"} <= set(report.tried) and {m.mutant.exercise for m in report.mutants} == {"cube"}


def test_an_untouched_release_that_gets_points(tmp_path: Path, starter: sandbox.Starter) -> None:
    given = '@pytest.mark.points(1)\ndef test_cube_is_there(student):\n    """There is a cube."""\n'
    report = proved(make(tmp_path, hidden=HIDDEN + given), starter)
    assert found(report, "untouched") == {
        ("demand", "test_cube_is_there"): "the untouched release passes it and gets 1 points"
    }


# ---- known answers -----------------------------------------------------------------------------------


def test_answers_that_are_not_what_they_say(tmp_path: Path, starter: sandbox.Starter) -> None:
    answers = GOOD | {
        "wrong/square/right_after_all.py": f'"""Right.\n\nFails: {VALUE}\n"""\ndef square(x):\n    return x * x',
        "wrong/square/more.py": f'"""Fails more.\n\nFails: {GRADIENT}\n"""\ndef square(x):\n    return x + 1.0',
        "wrong/cube/sometimes.py": f'"""Depends.\n\nFails: {CUBED}\n"""\n'
        "def cube(x):\n    return x**3 if x[0, 0] > 0.5 else x",
        "right/cube/wrong_after_all.py": '"""Wrong."""\ndef cube(x):\n    return x**2',
    }
    report = proved(make(tmp_path, answers=answers), starter)
    wrong, right = found(report, "wrong"), found(report, "right")
    assert wrong["demand", "wrong/square/right_after_all"] == f"it does not fail {VALUE} with any seed"
    assert re.fullmatch(rf"it does not fail {CUBED} with [1-4] of 5 seeds .*", wrong["demand", "wrong/cube/sometimes"])
    # The gradient is not checked where the value is wrong: both are told.
    told = [finding.what for finding in report.findings if finding.where == "wrong/square/more"]
    assert told == [f"it does not fail {GRADIENT} with any seed", f"it also fails {VALUE} with any seed"]
    assert right["demand", "right/cube/wrong_after_all"].startswith(f"it does not pass {CUBED} with any seed: ")
    assert len(wrong) == 3 and len(right) == 1


def test_an_answer_that_ends_its_process_is_charged_alone(
    tmp_path: Path, starter: sandbox.Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one notebook with other answers it would keep them from being tried at all."""
    monkeypatch.setattr(sandbox, "MAX_RESTARTS", 2)
    answers = GOOD | {
        "wrong/square/a_end.py": f'"""Ends.\n\nFails: {VALUE}\n"""\nimport os\ndef square(x):\n    os._exit(1)',
        "right/square/a_power.py": '"""Power."""\ndef square(x):\n    return tf.pow(x, 2)',
    }
    assert found(proved(make(tmp_path, answers=answers), starter)) == {}


def test_exercises_that_rest_on_one_another_are_tried_apart(tmp_path: Path, starter: sandbox.Starter) -> None:
    cube = solution("cube", "return x * square(x)")
    twice = '''
@pytest.mark.points(1)
def test_cube_shape(student, reference, draw):
    """cube keeps the shape."""
    x = draw.normal(2, 3)
    assert student.cube(x).shape == (2, 3)
'''
    answers = GOOD | {
        "wrong/square/tripled.py": f'"""Triples.\n\nFails: {VALUE}\n"""\ndef square(x):\n    return 3.0 * x',
        "wrong/cube/rests.py": f'"""Adds.\n\nFails: {CUBED}\n"""\ndef cube(x):\n    return x + square(x)',
    }
    # Of the square only its dtype is checked here; of the cube, values, which tell mistakes in both.
    lax = "    assert student.square(x).dtype == reference.square(x).dtype\n"
    visible = VISIBLE.replace("    assert_close(student.square(x), reference.square(x))\n", lax) + twice
    hidden = HIDDEN.replace('needs="test_square_value", ', "")
    answers = {name: text.replace(VALUE, GRADIENT) for name, text in answers.items()}
    report = proved(make(tmp_path, answers=answers, cube=cube, visible=visible, hidden=hidden), starter)
    assert found(report) == {}


# ---- recorded replies --------------------------------------------------------------------------------


@pytest.mark.parametrize("hidden", [False, True])
def test_a_check_whose_reference_depends_on_the_student(tmp_path: Path, starter: sandbox.Starter, hidden: bool) -> None:
    check = '''
@pytest.mark.points(1)
def test_cube_again(student, reference, draw):
    """The cube of a square."""
    y = student.cube(draw.normal(2, 3))
    assert_close(student.cube(y.array), reference.cube(y.array))
'''
    texts = {"hidden": HIDDEN + check} if hidden else {"visible": VISIBLE + check}
    answers = GOOD | {
        "wrong/cube/squared.py": GOOD["wrong/cube/squared.py"].replace("Fails:", "Fails: test_cube_again,"),
        "wrong/cube/raises.py": f'"""R.\n\nFails: {CUBED}, test_cube_again\n"""\ndef cube(x):\n    return x + 1.0',
    }
    report = proved(make(tmp_path, answers=answers, **texts), starter)
    assert report.ok is hidden
    (told,) = found(report).items()
    assert told[0] == ("warning" if hidden else "demand", "test_cube_again")
    assert "depends on the student's replies" in told[1] and "cube/" in told[1]


def test_no_visible_checks(tmp_path: Path, starter: sandbox.Starter) -> None:
    course = make(tmp_path, hidden=VISIBLE + HIDDEN.replace("\nimport pytest\n", "\n"))
    (course.checks(*NAMES) / "visible.py").unlink()
    report = proved(course, starter)
    assert found(report) == {("warning", "visible.py"): "there are no visible checks"}


# ---- noise -------------------------------------------------------------------------------------------


def test_tolerances_below_the_noise(tmp_path: Path, starter: sandbox.Starter) -> None:
    """The noise is made: results that depend on the number of threads, by one part in a million for each."""
    threads = "tf.config.threading.get_intra_op_parallelism_threads()"
    square = solution("square", f"return x * x * (1.0 + 1e-6 * {threads})")
    near = (
        f'"""Differs by no more than the noise.\n\nFails: {VALUE}\n"""\ndef square(x):\n    return x * x * (1.0 + 2e-6)'
    )
    visible = VISIBLE.replace("reference.square(x))", "reference.square(x), rtol=5e-7, atol=0.0)")
    hidden = HIDDEN.replace("reference.square.gradient(x))", "reference.square.gradient(x), rtol=5e-6, atol=0.0)")
    hidden = hidden.replace('needs="test_square_value", ', "")
    answers = {name: text for name, text in GOOD.items() if "/square/" not in name}
    answers |= {"wrong/square/near.py": near, "right/square/same.py": f'"""S."""\n{square}'}
    report = proved(
        make(tmp_path, answers=answers, square=square, visible=visible, hidden=hidden), starter, with_noise=True
    )
    assert report.ok
    told = found(report, "tolerance")
    assert "below the noise" in told["warning", VALUE]
    assert "less than 4 times the noise" in told["warning", GRADIENT]
    assert f"in {VALUE} it differs from the reference by no more than the noise" in told["warning", "wrong/square/near"]
    assert len(told) == 3
    noise = {each.check: each for each in report.noise}
    assert set(noise) == {VALUE, GRADIENT}
    for each in noise.values():
        assert "4 threads" in each.setting
        assert 2e-6 < each.relative < 4e-6


GRAPHS = '''
import pytest
from autograder.expect import *

@pytest.mark.points(1)
def test_square_graph(student, reference, draw):
    """square is a graph."""
    x = [draw.normal(4), draw.normal(4)]
    assert_graph_matches(student.square, reference.square, x)
    assert_control_flow(student.square, x, loop=True)
'''
WITHOUT_SQUARE = '''
import pytest

@pytest.mark.points(1)
def test_cube_there(student):
    """There is a cube."""
    student.cube(2.0)
'''
CONVERGES = '''

@pytest.mark.points(1)
def test_square_converges(student, reference, draw):
    """The training converges."""
    x = draw.normal(12, 2)
    call = spec.dataset(x, x[:, :1], batch=4, shuffle=draw), spec.sgd(0.2), spec.model([spec.dense(1)], 2, draw)
    asked = {"data": (x, x[:, :1]), "loss": spec.loss("mse"), "runs": 2}
    mine, theirs = student.square.convergence(*call, **asked), reference.square.convergence(*call, **asked)
    assert_converges(mine, theirs, slack=SLACK)
'''
TRAINS = """
def square(dataset, optimizer, model):
    ### BEGIN SOLUTION
    for x, y in dataset:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(x) - y) ** 2)
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    ### END SOLUTION
"""


def test_a_graph_is_compared_by_what_it_computes(tmp_path: Path, starter: sandbox.Starter) -> None:
    """Its bytes hold names that are new in each process, and in each way to write it."""
    lines = "y = tf.identity(x)", "for _ in tf.range(2):", "    y = tf.abs(y) * tf.abs(x)", "return y / tf.abs(x)"
    square = f"@tf.function\n{solution('square', *lines)}"
    course = make(tmp_path, square=square, visible=GRAPHS, hidden=WITHOUT_SQUARE, answers={})
    report = proved(course, starter, with_noise=True, with_mutants=True, only=["square"])
    assert found(report, "reference") == found(report, "tolerance") == {}
    assert all(noise.relative < 1e-6 for noise in report.noise)
    assert of(report, "step left out: identity").fate is Fate.EQUIVALENT
    assert of(report, "/ for *").fate is Fate.KILLED and report.fates()[Fate.SURVIVED] == 0


@pytest.mark.parametrize(("slack", "warned"), [(9.0, False), (0.0, True)])
def test_how_often_chance_decides_is_told(tmp_path: Path, starter: sandbox.Starter, slack: float, warned: bool) -> None:
    head = "import pytest\nfrom autograder import spec\nfrom autograder.expect import *\n"
    checks = f"{head}\nSLACK = {slack}\n{CONVERGES}"
    course = make(tmp_path, answers={}, square=TRAINS, visible=checks, hidden=WITHOUT_SQUARE)
    report = proved(course, starter, with_noise=True)
    assert [flake.check for flake in report.flakes] == ["test_square_converges"], findings.to_text(report)
    assert ((report.flakes[0].rate > 0.01), ("warning", "test_square_converges") in found(report, "tolerance")) == (
        warned,
        warned,
    )


# ---- mutants -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory, starter: sandbox.Starter) -> Report:
    """A report on mutants of every fate."""
    square = solution("square", "y = tf.abs(x * x)", "rounds = 0", "while rounds < 1:", "    rounds += 1", "return y")
    lax = "student.cube(x), reference.cube(x), dtype='any', rtol=0.1"
    wider = '"""A wider dtype."""\ndef cube(x):\n    return tf.cast(x, tf.float64) ** 3 * 0.99'
    course = make(
        tmp_path_factory.mktemp("mutants"),
        answers=GOOD | {"right/cube/wider.py": wider},
        square=square,
        cube=solution("cube", "return tf.cast(x, tf.float32) ** 3 * 0.99"),
        visible=VISIBLE.replace("student.cube(x), reference.cube(x)", lax),
    )
    return proved(course, starter, with_mutants=True, min_killed=0.99, jobs=2)


def of(report: Report, words: str) -> Judged:
    """The one mutant of this description."""
    (judged,) = (judged for judged in report.mutants if words in judged.mutant.description)
    return judged


def test_a_mutant_that_a_check_does_not_notice_survives(tried: Report) -> None:
    judged = of(tried, "0.9999 for 0.99")
    assert (judged.fate, judged.should_catch, judged.luck) == (Fate.SURVIVED, (CUBED,), (0, 5))


def test_a_mutant_that_never_ends_is_caught_and_costs_the_others_nothing(tried: Report) -> None:
    judged = of(tried, "statement deleted: rounds += 1")
    assert (judged.fate, VALUE in judged.caught_by) == (Fate.KILLED, True)
    assert of(tried, "2 for 3").fate is Fate.KILLED
    assert tried.seconds < 60


def test_mutants_that_nothing_can_tell_apart_are_set_apart(tried: Report) -> None:
    for words in ("step left out: abs", "cast left out"):
        assert (of(tried, words).fate, of(tried, words).like) == (Fate.EQUIVALENT, "the reference")
    wider = of(tried, "float64 for float32")
    assert (wider.fate, wider.like) == (Fate.EQUIVALENT, "right/cube/wider")


def test_a_share_that_is_demanded(tried: Report) -> None:
    fates = tried.fates()
    assert sum(fates.values()) == len(tried.mutants)
    assert tried.killed_share == fates[Fate.KILLED] / (fates[Fate.KILLED] + fates[Fate.SURVIVED]) < 0.99
    assert not tried.ok
    assert ("demand", "powers") in found(tried, "mutants")


def test_a_check_that_notices_with_some_seeds_only(tmp_path: Path, starter: sandbox.Starter) -> None:
    seen = "    if draw.size(1, 2) == 1:\n        assert_close(student.cube(x)"
    visible = VISIBLE.replace("    assert_close(student.cube(x)", f"    student.cube(x)\n{seen}")
    report = proved(make(tmp_path, visible=visible), starter, with_mutants=True, only=["cube"])
    lucky = [judged for judged in report.mutants if judged.fate is Fate.SURVIVED]
    assert lucky and all(0 < judged.luck[0] < judged.luck[1] == 5 for judged in lucky)


def test_mutants_that_only_another_exercise_notices(tmp_path: Path, starter: sandbox.Starter) -> None:
    lax = "    assert student.square(x).shape == reference.square(x).shape\n"
    course = make(
        tmp_path,
        cube=solution("cube", "return x * square(x)"),
        visible=VISIBLE.replace("    assert_close(student.square(x), reference.square(x))\n", lax),
        hidden=HIDDEN.split("@pytest")[0],
        answers={},
    )
    report = proved(course, starter, with_mutants=True, only=["square"])
    assert of(report, "/ for *").caught_by == (CUBED,)


def test_a_solution_that_is_no_plain_python_has_no_mutants(tmp_path: Path, starter: sandbox.Starter) -> None:
    report = proved(make(tmp_path, cube=f"%%time\n{CUBE}"), starter, with_mutants=True)
    assert "is not plain Python" in found(report, "mutants")["warning", "cube"]
    assert {judged.mutant.exercise for judged in report.mutants} == {"square"}


# ---- forms -------------------------------------------------------------------------------------------

MUTANT = Mutant("axis", "huber", 3, 2, "axis changed: 0 for 1", "a\nb(axis=0)\n", "a\nb(axis=1)\n")
REPORT = Report(
    "week1",
    "one",
    20,
    exercises=("huber",),
    checks=2,
    points=2.5,
    wrong=3,
    right=1,
    tried=("files", "wrong", "tolerance", "mutants"),
    findings=(
        Finding(Severity.DEMAND, "wrong", "wrong/huber/mean", "it does not fail test_huber_value", "Sharpen it."),
        Finding(Severity.WARNING, "files", "huber", "there is no known right answer", "Write one."),
    ),
    mutants=(
        Judged(MUTANT, Fate.KILLED, ("test_huber_value",)),
        Judged(MUTANT, Fate.SURVIVED, (), ("test_huber_value", "test_huber_gradient"), luck=(1, 4)),
        Judged(MUTANT, Fate.EQUIVALENT, like="the reference"),
    ),
    min_killed=0.95,
    noise=(
        Noise("test_huber_value", "oneDNN", 1e-7, 2e-7),
        Noise("test_huber_gradient", "another process", float("inf"), float("inf")),
    ),
    settings=("oneDNN",),
    flakes=(FlakeRate(3, 400, 20, 5, "test_huber_converges"),),
    seconds=12.0,
)


def test_text() -> None:
    text = findings.to_text(REPORT)
    assert text.splitlines()[0] == "week1/one: 1 exercises, 2 checks, 2.5 points"
    for line in (
        "  ! points, ids and cells agree",
        "      ! huber: there is no known right answer",
        "  ✗ 3 wrong answers fail exactly the checks that they say",
        "      ✗ wrong/huber/mean: it does not fail test_huber_value",
        "        Sharpen it.",
        "  ✓ at least 95% of the mutants are caught",
        "  3 mutants: 1 equivalent, 1 of the other 2 caught (50.0%)",
        "    huber:2 axis: axis changed: 0 for 1",
        "      - b(axis=1)",
        "      + b(axis=0)",
        "        should have been caught by test_huber_value, test_huber_gradient",
        "        caught with 1 of 4 seeds",
        "        like the reference",
        "week1/one: not ready: a demand is not met (12 s)",
    ):
        assert line in text.splitlines()
    assert "By chance the reference fails the gate of test_huber_converges in 0.8% (3 of 400" in " ".join(text.split())
    mended = dataclasses.replace(REPORT, findings=REPORT.findings[1:])
    assert "week1/one: every demand is met" in findings.to_text(mended)
    assert "✗" not in findings.to_text(mended)


def test_text_of_what_others_wrote_holds_no_control_characters() -> None:
    odd = dataclasses.replace(REPORT.findings[0], what="it says \x1b[31mred\x07")
    text = findings.to_text(dataclasses.replace(REPORT, findings=(odd,)))
    assert "\x1b" not in text and "\x07" not in text and "red" in text


def test_json() -> None:
    told = json.loads(findings.to_json([REPORT, dataclasses.replace(REPORT, findings=())]))
    assert (told["schema"], told["ok"]) == (1, False)
    one, two = told["notebooks"]
    assert (one["ok"], two["ok"]) == (False, True)
    assert one["findings"][0] == {
        "severity": "demand",
        "demand": "wrong",
        "where": "wrong/huber/mean",
        "what": "it does not fail test_huber_value",
        "todo": "Sharpen it.",
    }
    assert (one["killed_share"], one["min_killed"]) == (0.5, 0.95)
    assert [mutant["fate"] for mutant in one["mutants"]["all"]] == ["killed", "survived", "equivalent"]
    assert one["mutants"]["all"][1]["should_catch"] == ["test_huber_value", "test_huber_gradient"]
    assert one["mutants"]["all"][1]["diff"] == "- b(axis=1)\n+ b(axis=0)"
    assert [noise["absolute"] for noise in one["noise"]] == [1e-7, None]
    [flake] = one["flakes"]
    assert (flake["check"], flake["refused"], flake["rate"]) == ("test_huber_converges", 3, 0.0075)


def test_exit_status(course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for report, status in ((REPORT, 1), (dataclasses.replace(REPORT, findings=()), 0)):
        monkeypatch.setattr(validate, "validate", lambda *arguments, report=report, **options: report)
        assert cli.main(["validate", "--course", str(course.root), "--json", str(course.root / "out.json")]) == status
        assert json.loads((course.root / "out.json").read_text())["ok"] is (status == 0)
        assert "week1/one" in capsys.readouterr().out
