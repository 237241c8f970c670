"""Checks under pytest: how they are declared, collected and ordered, and what comes of each."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import textwrap
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from courses import STUB, Shared, notebook, write_course

from autograder import plugin, sandbox
from autograder.errors import (
    AutograderError,
    CourseError,
    Failure,
    NoRecordedReply,
    WorkerDied,
    WorkerTimeout,
    WorkerUnavailable,
)
from autograder.grade import Grader
from autograder.model import Check, Outcome, Result, Status, Visibility
from autograder.wire import Tensor

EXERCISES = ("square", "square-root", "cube")
HEAD = "import pytest\nfrom autograder.expect import *\n"


class Names:
    """A notebook that answers without a process: its functions take and return plain data."""

    def __init__(self, **names: Any) -> None:
        self.names = names

    def ask(self, request: Mapping[str, Any]) -> Any:
        name = request["name"]
        if name not in self.names:
            return Failure("NameError", f"name {name!r} is not defined", builtin=True)
        if request["probe"] == "value":
            return self.names[name]
        try:
            return self.names[name](*request["args"], **request["kwargs"])
        except AutograderError:
            raise
        except Exception as error:
            bases = tuple(base.__name__ for base in type(error).__mro__)
            return Failure(type(error).__name__, str(error), "line 7 in f: x", bases, builtin=True)


RIGHT = Names(square=lambda x: x * x, cube=lambda x: x**3)

Write = Callable[..., Path]
Run = Callable[..., dict[str, Outcome]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write check files and give their folder."""

    def to_files(visible: str | None = None, hidden: str | None = None, folder: str = "checks") -> Path:
        where = tmp_path / folder
        where.mkdir(parents=True, exist_ok=True)
        for name, text in (("visible.py", visible), ("hidden.py", hidden)):
            if text is not None:
                (where / name).write_text(HEAD + textwrap.dedent(text), encoding="utf-8")
        return where

    return to_files


@pytest.fixture
def run(write: Write) -> Run:
    """Run checks on one notebook: the outcomes by the checks' ids."""

    def of(visible: str | None = None, hidden: str | None = None, student: Any = RIGHT, **options: Any) -> Any:
        only = options.pop("only", None)
        subject = plugin.Subject(student, options.pop("reference", RIGHT), options.pop("seed", 1), **options)
        [outcomes] = run_all(write(visible, hidden), [subject], only=only)
        if isinstance(outcomes, WorkerUnavailable):
            raise outcomes
        return {outcome.check.id: outcome for outcome in outcomes}

    return of


def run_all(folder: Path, subjects: list[plugin.Subject], **options: Any) -> list[Any]:
    found: list[Any] = []
    plugin.run(folder, EXERCISES, subjects, lambda _, outcomes: found.append(outcomes), **options)
    return found


def statuses(outcomes: Mapping[str, Outcome]) -> dict[str, str]:
    return {name: str(outcome.status) for name, outcome in outcomes.items()}


# ---- declaring ---------------------------------------------------------------------------------------


def test_what_a_check_declares(write: Write) -> None:
    folder = write(
        '''
        @pytest.mark.points(2, needs="test_square_b", hint="Think.")
        def test_square_a(student):
            """
            The line that is read.

            And more for colleagues.
            """

        @pytest.mark.points(0.5)
        def test_square_b(student):
            """B."""
        ''',
        '''
        @pytest.mark.points(0, needs=("test_square_a", "test_square_b"), group="cube")
        def test_square_c(student):
            """C."""
        ''',
    )
    b = Check("test_square_b", "B.", "square", Visibility.VISIBLE, 0.5)
    a = Check("test_square_a", "The line that is read.", "square", Visibility.VISIBLE, 2, ("test_square_b",), "Think.")
    c = Check("test_square_c", "C.", "cube", Visibility.HIDDEN, 0, ("test_square_a", "test_square_b"))
    assert plugin.collect(folder, EXERCISES) == (b, a, c)
    assert plugin.collect(folder, EXERCISES, hidden=False) == (b, a)


def test_parametrized_and_class_based_checks(write: Write) -> None:
    folder = write(
        '''
        @pytest.mark.points(1)
        @pytest.mark.parametrize("n", [1, pytest.param(2, id="two")])
        def test_cube(student, n):
            """Cubes."""
            assert student.cube(n) == n**3

        class TestRoots:
            """Not a check's title."""

            @pytest.mark.points(2)
            def test_square_root(self, student):
                """Roots."""
                assert student.square(3) == 9

        @pytest.mark.points(3)
        class TestMore:
            def test_square_more(self, student):
                """More."""

            def helper(self):
                pass
        '''
    )
    checks = plugin.collect(folder, EXERCISES)
    assert [(check.id, check.group, check.title, check.points) for check in checks] == [
        ("test_cube[1]", "cube", "Cubes.", 1),
        ("test_cube[two]", "cube", "Cubes.", 1),
        ("test_square_root", "square-root", "Roots.", 2),
        ("test_square_more", "square", "More.", 3),
    ]
    [outcomes] = run_all(folder, [plugin.Subject(RIGHT, RIGHT, 1)])
    assert {outcome.status for outcome in outcomes} == {Status.PASSED}


@pytest.mark.parametrize(
    ("name", "group", "expected"),
    [
        ("test_square", None, "square"),
        ("test_square_root", None, "square-root"),
        ("test_square_root_of_two", None, "square-root"),
        ("test_square_rooted", None, "square"),
        ("test_square_2", None, "square"),
        ("test_anything", "square-root", "square-root"),
        ("test_cube_value", "square", "square"),
    ],
)
def test_the_exercise_of_a_check(write: Write, name: str, group: str | None, expected: str) -> None:
    folder = write(f'@pytest.mark.points(1, group={group!r})\ndef {name}(student):\n    """T."""\n')
    assert [check.group for check in plugin.collect(folder, EXERCISES)] == [expected]


CHECK = '{mark}\ndef {name}(student):\n    """T."""\n'


@pytest.mark.parametrize(
    ("visible", "words"),
    [
        ("@pytest.mark.points(1)\ndef test_cube(student):\n    pass\n", "visible.py, test_cube: the check has no docs"),
        ('@pytest.mark.points(1)\ndef test_cube(student):\n    """ """\n', "the check has no docstring"),
        (CHECK.format(mark="", name="test_cube"), "visible.py, test_cube: the check has no points; add @pytest.mark"),
        (CHECK.format(mark="@pytest.mark.points", name="test_cube"), "write @pytest.mark.points(2, needs="),
        (CHECK.format(mark="@pytest.mark.points()", name="test_cube"), "write @pytest.mark.points(2, needs="),
        (CHECK.format(mark="@pytest.mark.points(1, 2)", name="test_cube"), "write @pytest.mark.points(2, needs="),
        (
            CHECK.format(mark="@pytest.mark.points(1, need='x')", name="test_cube"),
            "write @pytest.mark.points(2, needs=",
        ),
        (CHECK.format(mark="@pytest.mark.points(-1)", name="test_cube"), "not negative, not -1"),
        (CHECK.format(mark="@pytest.mark.points('1')", name="test_cube"), "not negative, not '1'"),
        (CHECK.format(mark="@pytest.mark.points(True)", name="test_cube"), "not negative, not True"),
        (CHECK.format(mark="@pytest.mark.points(float('nan'))", name="test_cube"), "not negative, not nan"),
        (CHECK.format(mark="@pytest.mark.points(float('inf'))", name="test_cube"), "not negative, not inf"),
        (
            CHECK.format(mark="@pytest.mark.points(1)", name="test_other"),
            "no grade cell of the notebook (they are: squ",
        ),
        (CHECK.format(mark="@pytest.mark.points(1)", name="test_cubed"), "visible.py, test_cubed: the check belongs t"),
        (CHECK.format(mark="@pytest.mark.points(1, group='other')", name="test_cube"), "belongs to no grade cell"),
        (CHECK.format(mark="@pytest.mark.points(1, group='square_root')", name="test_x"), "belongs to no grade cell"),
        (
            CHECK.format(mark="@pytest.mark.points(1, needs='test_gone')", name="test_cube"),
            "test_cube needs test_gone, which is not a check of this notebook",
        ),
        (
            CHECK.format(mark="@pytest.mark.points(1, needs='test_cube')", name="test_cube"),
            "the checks test_cube need one another in a circle",
        ),
        (
            CHECK.format(mark="@pytest.mark.points(1, needs='test_cube_c')", name="test_cube_a")
            + CHECK.format(mark="@pytest.mark.points(1, needs='test_cube_a')", name="test_cube_b")
            + CHECK.format(mark="@pytest.mark.points(1, needs='test_cube_b')", name="test_cube_c"),
            "the checks test_cube_a, test_cube_c, test_cube_b need one another in a circle",
        ),
        ("import not_there_at_all", "No module named 'not_there_at_all'"),
        ("1 / 0", "ZeroDivisionError"),
        ("def test_cube(:", "SyntaxError"),
        ("import sys\nsys.exit(3)", "a check file ends pytest itself (SystemExit(3))"),
        ("pytest.exit('enough')", "outcomes.Exit: enough"),
        ("pytest.skip('not today', allow_module_level=True)", "not today"),
        ("pytest.importorskip('not_there_at_all')", "not_there_at_all"),
    ],
)
def test_a_wrong_declaration_names_the_culprit(write: Write, visible: str, words: str) -> None:
    folder = write(visible)
    with pytest.raises(CourseError, match=re.escape(words)):
        plugin.collect(folder, EXERCISES)
    with pytest.raises(CourseError, match=re.escape(words)):
        run_all(folder, [plugin.Subject(RIGHT, RIGHT, 1)])


def test_one_name_in_both_files(write: Write) -> None:
    text = CHECK.format(mark="@pytest.mark.points(1)", name="test_cube")
    with pytest.raises(CourseError, match=r"hidden\.py: two checks have the name test_cube"):
        plugin.collect(write(text, text), EXERCISES)


def test_a_folder_without_checks(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"there are no checks \(visible\.py, hidden\.py\)"):
        plugin.collect(tmp_path, EXERCISES)


@pytest.mark.parametrize("folder", ["week [1]", "a::b"])
def test_a_path_that_pytest_cannot_take_is_told(write: Write, folder: str) -> None:
    where = write(CHECK.format(mark="@pytest.mark.points(1)", name="test_cube"), folder=folder)
    with pytest.raises(CourseError, match="pytest could not run the checks here"):
        plugin.collect(where, EXERCISES)


@pytest.mark.parametrize("folder", ["-x", "week 1 (copy)", "übung", "a.b", "test_x"])
def test_other_odd_paths_are_fine(write: Write, folder: str) -> None:
    where = write(CHECK.format(mark="@pytest.mark.points(1)", name="test_cube"), folder=folder)
    assert len(plugin.collect(where, EXERCISES)) == 1


# ---- statuses ----------------------------------------------------------------------------------------

SQUARE = '''
@pytest.mark.points(2, hint="Multiply.")
def test_square_value(student, reference):
    """Squares."""
    assert_close(student.square(3), reference.square(3))
'''


STILL_A_STUB = "square still raises NotImplementedError. Delete that line once your own code is in place."


def raiser(error: BaseException) -> Callable[..., Any]:
    def function(*args: Any) -> Any:
        raise error

    return function


def test_passed(run: Run) -> None:
    outcome = run(SQUARE)["test_square_value"]
    assert (outcome.status, outcome.score, outcome.message, outcome.hint) == (Status.PASSED, 2, "", "")
    assert 0 < outcome.seconds < 5


@pytest.mark.parametrize(
    ("square", "visible", "hidden"),
    [
        (
            lambda x: 8,
            "The value is not the expected one.\ngot: 8\nCall: square(3)",
            "The value is not the expected one.",
        ),
        (
            raiser(KeyError("secret 3")),
            "square raised KeyError: 'secret 3'\nline 7 in f: x\nCall: square(3)",
            "square raises KeyError for some inputs.",
        ),
        (
            raiser(NotImplementedError()),
            f"{STILL_A_STUB}\nCall: square(3)",
            STILL_A_STUB,
        ),
        (
            lambda x: Failure("NotImplementedError", "later", "line 2 in square: raise NotImplementedError('later')"),
            f"{STILL_A_STUB}\nCall: square(3)",
            STILL_A_STUB,
        ),
        (
            None,
            "square is not defined in your notebook. Did its cell fail, or was it renamed or deleted?\nCall: square(3)",
            "square is not defined in your notebook. Did its cell fail, or was it renamed or deleted?",
        ),
        (
            lambda x: Failure("TimeLimit", "it did not finish within 3 seconds", builtin=True),
            "square: it did not finish within 3 seconds.\nCall: square(3)",
            "square did not finish properly (TimeLimit).",
        ),
        (
            lambda x: Failure("Saw3", "3"),
            "square raised Saw3: 3\nCall: square(3)",
            "square raises an error for some inputs.",
        ),
        (
            raiser(AttributeError("'EagerTensor' object has no attribute 'astype'")),
            "square raised AttributeError: 'EagerTensor' object has no attribute 'astype'\nline 7 in f: x\n"
            "That is a method of numpy's arrays; tensors have functions instead, such as tf.cast and tf.reshape.\n"
            "Call: square(3)",
            "square raises AttributeError for some inputs.",
        ),
        (
            raiser(WorkerTimeout("The notebook took longer.")),
            "Your notebook could not go on: The notebook took longer.\nCall: square(3)",
            "Your notebook could not go on: The notebook took longer.",
        ),
    ],
)
def test_failed(run: Run, square: Any, visible: str, hidden: str) -> None:
    student = Names() if square is None else Names(square=square)
    for outcome, message in (
        (run(SQUARE, student=student)["test_square_value"], visible),
        (run("", SQUARE, student=student)["test_square_value"], hidden),
    ):
        assert (outcome.status, outcome.score, outcome.hint) == (Status.FAILED, 0, "Multiply.")
        assert outcome.message == message
        # What was expected is the instructor's to see, and only of visible checks.
        assert ("expected: 9" in outcome.detail) == (message.startswith("The value") and message is visible)


@pytest.mark.parametrize(
    ("body", "visible"),
    [
        ("assert student.square(3) == 4", "The result is not the expected one."),
        ("assert student.square(3) == 4, 'not four'", "not four"),
        ("pytest.fail('bad')", "bad"),
        ("raise AssertionError", "The result is not the expected one."),
    ],
)
def test_plain_assertions(run: Run, body: str, visible: str) -> None:
    text = f'@pytest.mark.points(1)\ndef test_square_plain(student):\n    """T."""\n    {body}\n'
    outcome = run(text)["test_square_plain"]
    assert outcome.status is Status.FAILED
    assert visible in outcome.message
    assert run("", text)["test_square_plain"].message == "The result is not the expected one."


@pytest.mark.parametrize("body", ["student.square(3)[0]", "student.square(3).shape", "raise SystemExit", "1 / 0"])
def test_a_check_that_stumbles_over_the_students_result(run: Run, body: str) -> None:
    text = f'@pytest.mark.points(1)\ndef test_square_x(student):\n    """T."""\n    {body}\n'
    outcome = run(text, text.replace("_x", "_y"))
    for each in outcome.values():
        assert (each.status, each.score) == (Status.FAILED, 0)
        assert each.message.startswith("The result is of a form that this check cannot use")
        assert body.removeprefix("raise ") in each.detail  # for the instructor


def test_not_attempted(run: Run) -> None:
    options: dict[str, Any] = {
        "student": Names(square=raiser(NotImplementedError())),
        "untouched": frozenset({"square"}),
    }
    outcome = run(SQUARE, **options)["test_square_value"]
    assert (outcome.status, outcome.score, outcome.message) == (Status.NOT_ATTEMPTED, 0, "Not attempted yet.")
    options["untouched"] = frozenset({"cube"})
    assert run(SQUARE, **options)["test_square_value"].status is Status.FAILED


def test_an_untouched_exercise_whose_check_passes_has_passed(run: Run) -> None:
    assert run(SQUARE, untouched=frozenset({"square"}))["test_square_value"].score == 2


def test_the_budget_is_no_stub(run: Run) -> None:
    student = Names(square=raiser(WorkerDied("it ended")))
    outcome = run(SQUARE, student=student, untouched=frozenset({"square"}))["test_square_value"]
    assert outcome.status is Status.FAILED


CHAIN = (
    SQUARE
    + '''
@pytest.mark.points(1, needs="test_square_value")
def test_square_second(student):
    """Second."""
    student.square(3)

@pytest.mark.points(1, needs="test_square_second")
def test_square_third(student):
    """Third."""
    student.square(3)

@pytest.mark.points(1, needs=("test_cube_free", "test_square_value"))
def test_cube_also(student):
    """Also."""

@pytest.mark.points(1)
def test_cube_free(student):
    """Free."""
    assert student.cube(2) == 8
'''
)


def test_a_chain_passes(run: Run) -> None:
    outcomes = run(CHAIN)
    assert list(outcomes) == [
        *("test_square_value", "test_square_second", "test_square_third", "test_cube_free", "test_cube_also")
    ]
    assert set(statuses(outcomes).values()) == {"passed"}


def test_a_chain_is_not_checked_after_a_failure(run: Run) -> None:
    outcomes = run(CHAIN, student=Names(square=lambda x: 8, cube=lambda x: 8))
    assert statuses(outcomes) == {
        "test_square_value": "failed",
        "test_square_second": "not_checked",
        "test_square_third": "not_checked",
        "test_cube_free": "passed",
        "test_cube_also": "not_checked",
    }
    assert outcomes["test_square_second"].message == "Not checked until “Squares.” passes."
    assert outcomes["test_square_third"].message == "Not checked until “Second.” passes."
    assert sum(outcome.score for outcome in outcomes.values()) == 1


def test_a_chain_that_was_not_attempted(run: Run) -> None:
    student = Names(square=raiser(NotImplementedError()), cube=lambda x: 8)
    outcomes = run(CHAIN, student=student, untouched=frozenset({"square"}))
    assert statuses(outcomes) == {
        "test_square_value": "not_attempted",
        "test_square_second": "not_attempted",
        "test_square_third": "not_attempted",
        "test_cube_free": "passed",
        "test_cube_also": "not_checked",  # another exercise, which was attempted
    }


def test_a_fault_blocks_nothing(run: Run) -> None:
    student = Names(square=lambda x: 8, cube=lambda x: 8)
    outcomes = run(CHAIN, student=student, broken={"test_square_value": "TypeError in the check"})
    assert statuses(outcomes) == {
        "test_square_value": "fault",
        "test_square_second": "passed",
        "test_square_third": "passed",
        "test_cube_free": "passed",
        "test_cube_also": "passed",
    }
    fault = outcomes["test_square_value"]
    assert (fault.score, fault.detail) == (2, "TypeError in the check")
    assert fault.message == "This check is broken. It costs you nothing; your instructor has been told."


def test_a_broken_check_that_passes_has_passed(run: Run) -> None:
    assert run(SQUARE, broken={"test_square_value": "x"})["test_square_value"].status is Status.PASSED


@pytest.mark.parametrize(
    ("body", "message"),
    [("pytest.skip('no GPU here')", "Not checked: no GPU here"), ("student.gone()", "Not checked: the record is gone")],
)
def test_skipped_and_unrecorded_checks_are_not_checked(run: Run, body: str, message: str) -> None:
    text = f'@pytest.mark.points(1)\ndef test_square_x(student):\n    """T."""\n    {body}\n'
    outcome = run(text, student=Names(gone=raiser(NoRecordedReply("the record is gone"))))["test_square_x"]
    assert (outcome.status, outcome.score, outcome.message) == (Status.NOT_CHECKED, 0, message)


def test_a_skip_mark_is_not_checked(run: Run) -> None:
    assert statuses(run("@pytest.mark.skip(reason='later')" + SQUARE)) == {"test_square_value": "not_checked"}


def test_an_error_in_a_fixture_of_the_checks_fails(run: Run) -> None:
    outcomes = run('''
        @pytest.fixture
        def table(student):
            yield student.square(2)
            assert student.square(2) == 5

        @pytest.mark.points(1)
        def test_square_x(table):
            """After it."""

        @pytest.mark.points(1)
        def test_square_y(gone):
            """No such fixture."""
    ''')
    assert statuses(outcomes) == {"test_square_x": "failed", "test_square_y": "failed"}
    assert outcomes["test_square_x"].message.startswith("The result is not the expected one.")
    assert "assert 4 == 5" in outcomes["test_square_x"].detail


# ---- many notebooks ----------------------------------------------------------------------------------


def test_each_notebook_is_checked_afresh(write: Write) -> None:
    folder = write(
        '''
        @pytest.mark.points(1)
        def test_square_a(student):
            """A."""
            assert student.square(3) == 9

        @pytest.mark.points(1)
        def test_square_b(student, draw, reference):
            """B."""
            assert reference.square(draw.size(0, 10**9)) == student.square(1)
        '''
    )
    draws: list[int] = []
    reference = Names(square=lambda x: draws.append(x) or x)
    wrong = Names(square=lambda x: 8)
    subjects = [plugin.Subject(student, reference, seed) for student, seed in ((RIGHT, 1), (wrong, 1), (RIGHT, 2))]
    found = run_all(folder, subjects)
    assert [[str(outcome.status) for outcome in outcomes] for outcomes in found] == [
        ["passed", "failed"],
        ["failed", "failed"],
        ["passed", "failed"],
    ]
    assert draws[0] == draws[1] != draws[2]


def test_an_exercise_in_which_a_check_failed_is_asked_no_more_where_that_is_enough(run: Run) -> None:
    visible = '''
        @pytest.mark.points(1)
        def test_square_a(student):
            """A."""
            assert student.square(3) == 9

        @pytest.mark.points(1)
        def test_square_b(student):
            """B."""
            assert student.square(2) == 4

        @pytest.mark.points(1)
        def test_cube_a(student):
            """C."""
            assert student.cube(2) == 8
        '''
    calls: list[int] = []
    wrong = Names(square=lambda x: calls.append(x) or x, cube=lambda x: x**3)
    found = run(visible, student=wrong, brief=True)
    assert [str(outcome.status) for outcome in found.values()] == ["failed", "not_checked", "passed"]
    assert calls == [3]
    assert [str(outcome.status) for outcome in run(visible, brief=True).values()] == ["passed"] * 3


def test_an_expensive_call_is_made_once_for_each_notebook(write: Write) -> None:
    folder = write(
        '''
        @pytest.mark.points(1)
        def test_square_a(student, draw):
            """A."""
            x = draw.shared("run").size(0, 10**9)
            assert student.once.square(x) == x * x

        @pytest.mark.points(1)
        def test_square_b(student, draw):
            """B."""
            x = draw.shared("run").size(0, 10**9)
            assert student.once.square(x) == x * x
            assert student.square(x) == x * x
        '''
    )
    calls: list[int] = []
    counting = Names(square=lambda x: calls.append(x) or x * x)
    found = run_all(folder, [plugin.Subject(counting, counting, seed) for seed in (1, 1, 2)])
    assert {str(outcome.status) for outcomes in found for outcome in outcomes} == {"passed"}
    first, second = calls[0], calls[-1]
    assert first != second
    assert calls == [first] * 4 + [second] * 2


def test_an_expensive_call_that_fails_fails_every_check_that_shares_it(run: Run) -> None:
    calls: list[int] = []

    def fail(x: int) -> None:
        calls.append(x)
        raise ValueError("too dear")

    checks = "".join(
        f'''
@pytest.mark.points(1)
def test_square_{name}(student):
    """{name}."""
    student.once.square(3)
'''
        for name in "ab"
    )
    outcomes = run(checks, student=Names(square=fail))
    assert all("too dear" in outcome.message and "Call: square(3)" in outcome.message for outcome in outcomes.values())
    assert len(outcomes) == 2
    assert calls == [3]


def test_notebooks_are_taken_one_at_a_time(write: Write) -> None:
    events: list[Any] = []

    def subjects() -> Iterator[plugin.Subject]:
        for key in (1, 2):
            events.append(("taken", key))
            yield plugin.Subject(RIGHT, RIGHT, 1, key=key)

    plugin.run(write(SQUARE), EXERCISES, subjects(), lambda subject, _: events.append(("reported", subject.key)))
    assert events == [("taken", 1), ("reported", 1), ("taken", 2), ("reported", 2)]


def test_a_machine_that_gives_out_costs_one_notebook(write: Write) -> None:
    out = WorkerUnavailable("no memory")
    subjects = [
        plugin.Subject(RIGHT, RIGHT, 1),
        plugin.Subject(Names(square=raiser(out)), RIGHT, 1),
        plugin.Subject(RIGHT, RIGHT, 1),
    ]
    found = run_all(write(SQUARE), subjects)
    assert found[1] is out
    assert [outcomes[0].status for outcomes in (found[0], found[2])] == [Status.PASSED, Status.PASSED]


def test_only_some_exercises(run: Run) -> None:
    outcomes = run(CHAIN, only=("cube",))
    assert list(outcomes) == ["test_cube_free", "test_cube_also"]
    outcomes = run(CHAIN, only=("cube",), student=Names(square=lambda x: 8, cube=lambda x: 8))
    assert statuses(outcomes) == {"test_cube_free": "passed", "test_cube_also": "not_checked"}


@pytest.mark.parametrize("error", [KeyboardInterrupt, GeneratorExit])
def test_an_interrupt_in_a_check_ends_it_all(write: Write, error: type[BaseException]) -> None:
    folder = write(f'@pytest.mark.points(1)\ndef test_square_x(student):\n    """T."""\n    raise {error.__name__}\n')
    with pytest.raises(error):
        run_all(folder, [plugin.Subject(RIGHT, RIGHT, 1)] * 2)


def test_a_check_cannot_end_the_grading_of_everyone(write: Write) -> None:
    folder = write('@pytest.mark.points(1)\ndef test_square_x(student):\n    """T."""\n    pytest.exit("enough")\n')
    with pytest.raises(CourseError, match="ends pytest itself"):
        run_all(folder, [plugin.Subject(RIGHT, RIGHT, 1)])


@pytest.mark.parametrize("error", [KeyboardInterrupt("stop"), SystemExit(3), CourseError("y")])
def test_errors_of_the_caller_come_through(write: Write, error: BaseException) -> None:
    def report(*args: Any) -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        plugin.run(write(SQUARE), EXERCISES, [plugin.Subject(RIGHT, RIGHT, 1)], report)
    assert caught.value is error


# ---- pytest around it, and beside it -----------------------------------------------------------------


def test_prints_of_checks_do_not_reach_stdout(write: Write, capfd: pytest.CaptureFixture[str]) -> None:
    folder = write("print('at import')\n" + SQUARE.replace("assert_close", "print('in a check'); assert_close"))
    kept = io.StringIO()
    with redirect_stdout(kept):
        plugin.collect(folder, EXERCISES)
        plugin.run(folder, EXERCISES, [plugin.Subject(RIGHT, RIGHT, 1)], lambda *_: print("reported"))
    assert kept.getvalue() == "reported\n"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "told",
    [
        "Cannot convert a symbolic tf.Tensor (x:0) to a numpy array.",
        "The condition of while loop started as non-Tensor, then changed to Tensor.",
        "Object Plain was created by passing non-serializable argument values in `__init__()`.",
    ],
)
def test_an_error_of_tensorflow_is_not_taken_for_a_stub(run: Run, told: str) -> None:
    outcome = run(SQUARE, student=Names(square=raiser(NotImplementedError(told))))["test_square_value"]
    assert told in outcome.message
    assert "Delete that line" not in outcome.message


def test_the_users_pytest_options_do_not_interfere(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(SQUARE)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only -k nothing --no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    for where in (folder, folder.parent):
        (where / "conftest.py").write_text("raise RuntimeError('conftest')")
        (where / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\npython_functions = other_*\n")
    [outcomes] = run_all(folder, [plugin.Subject(RIGHT, RIGHT, 1)])
    assert [outcome.status for outcome in outcomes] == [Status.PASSED]
    assert os.environ["PYTEST_ADDOPTS"] == "--collect-only -k nothing --no-such-option"
    assert os.environ["PYTEST_PLUGINS"] == "no_such_plugin"


def test_a_pytest_around_it_notices_nothing(write: Write) -> None:
    folder = write(SQUARE, SQUARE.replace("square_value", "square_hidden"))
    plugin.collect(folder, EXERCISES)  # loads parts of pytest itself
    before = dict(os.environ), dict(sys.modules), list(sys.path), list(sys.meta_path), sys.dont_write_bytecode
    run_all(folder, [plugin.Subject(RIGHT, RIGHT, 1)])
    assert dict(os.environ) == before[0]
    assert dict(sys.modules) == before[1]
    assert (list(sys.path), list(sys.meta_path), sys.dont_write_bytecode) == before[2:]
    assert os.environ["PYTEST_CURRENT_TEST"].endswith("test_a_pytest_around_it_notices_nothing (call)")


def test_courses_with_the_same_file_names(write: Write) -> None:
    one = write(SQUARE, folder="one/checks")
    two = write(SQUARE.replace("Squares.", "Other.").replace("(2,", "(5,"), folder="two/checks")
    for _ in range(2):
        assert [(check.title, check.points) for check in plugin.collect(one, EXERCISES)] == [("Squares.", 2)]
        assert [(check.title, check.points) for check in plugin.collect(two, EXERCISES)] == [("Other.", 5)]


def test_a_relative_folder_and_a_link_are_that_folder(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(SQUARE, folder="one")
    write(SQUARE.replace("(2,", "(5,"), folder="two")
    (tmp_path / "link").symlink_to("two")
    monkeypatch.chdir(tmp_path)
    points = [plugin.collect(Path(name), EXERCISES)[0].points for name in ("one", "two", "one", "link")]
    assert points == [2, 5, 2, 5]
    assert "visible" not in sys.modules


def test_a_module_of_the_users_with_that_name_stays(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = types.ModuleType("visible")
    monkeypatch.setitem(sys.modules, "visible", theirs)
    assert len(plugin.collect(write(SQUARE), EXERCISES)) == 1
    assert sys.modules["visible"] is theirs


def test_an_edited_check_file_is_read_again(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    for points in (2, 5, 7):  # same size, same time: what caches of bytecode go by
        folder = write(SQUARE.replace("(2,", f"({points},"))
        os.utime(folder / "visible.py", (1e9, 1e9))
        assert [check.points for check in plugin.collect(folder, EXERCISES)] == [points]
    assert [path.name for path in folder.iterdir()] == ["visible.py"]


# ---- with a real reference ---------------------------------------------------------------------------


GOOD = '''
@pytest.mark.points(1)
def test_cube_good(student, reference):
    """Good."""
    assert_close(student.cube(2), reference.cube(2))
'''


@pytest.fixture
def graded(tmp_path: Path, starter: sandbox.Starter) -> Callable[[str, Mapping[str, Any]], Result]:
    """Grade a notebook of the small course against visible checks of one's own."""

    def of(checks: str, content: Mapping[str, Any]) -> Result:
        course = write_course(tmp_path / "course", HEAD + textwrap.dedent(checks) + GOOD, HEAD)
        path = tmp_path / "powers.ipynb"
        path.write_text(json.dumps(content))
        with Grader(course, 1, Shared(starter)) as grader:
            return grader.grade_file(path, "small", "powers").result

    return of


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("assert student.square(3) == 10", "assert 9 == 10"),
        ("assert_close(reference.square(3), 10)", "expected: 10"),
        ("assert reference.squar(3) == 9", "squar"),
        ("student.square(3).shape", "AttributeError: 'int' object has no attribute 'shape'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("student.square(object())", "WireError"),
        ("reference.probe('gone')", "gone"),
        ("pytest.skip('not here')", "Not checked: not here"),
    ],
)
def test_a_check_that_the_reference_does_not_pass_is_a_fault(
    graded: Callable[..., Result], body: str, detail: str
) -> None:
    checks = f'''
    @pytest.mark.points(2)
    def test_square_bad(student, reference):
        """Bad."""
        {body}

    @pytest.mark.points(3, needs="test_square_bad")
    def test_square_next(student, reference):
        """Next."""
        assert_close(student.square(3), reference.square(3))
    '''
    result = graded(checks, notebook("def square(x):\n    return 8"))
    outcomes = {outcome.check.id: outcome for outcome in result.outcomes}
    assert statuses(outcomes)["test_square_bad"] == "fault"
    assert statuses(outcomes)["test_cube_good"] == "passed"
    assert outcomes["test_square_bad"].score == 2
    assert detail in outcomes["test_square_bad"].detail
    assert "expected: 10" not in outcomes["test_square_bad"].message
    assert "test_square_bad" in [fault.check.id for fault in result.faults]
    assert result.needs_human


def test_a_reference_that_fails_on_what_a_student_chose_gives_no_points_and_calls_a_person(
    graded: Callable[..., Result],
) -> None:
    checks = '''
    @pytest.mark.points(2)
    def test_square_chosen(student, reference):
        """A check that breaks the rule: what it asks of the reference depends on the reply."""
        assert_close(student.square(student.square(3)), reference.square(student.square(3)))

    @pytest.mark.points(3)
    def test_square_next(student, reference):
        """Next."""
        assert_close(student.square(3), reference.square(3))
    '''
    result = graded(checks, notebook("def square(x):\n    return 'nine'"))
    chosen, following, good = result.outcomes
    assert (chosen.status, chosen.score) == (Status.FAULT, 0)
    assert "Your instructor has been told" in chosen.message and "TypeError" not in chosen.message
    assert "must not depend on the student's replies" in chosen.detail and "square raised TypeError" in chosen.detail
    assert (following.status, good.status) == (Status.FAILED, Status.PASSED)
    assert result.needs_human


def test_what_stands_on_a_fault_costs_nothing_either(graded: Callable[..., Result]) -> None:
    checks = '''
    @pytest.mark.points(2)
    def test_square_bad(student, reference):
        """Bad."""
        raise RuntimeError

    @pytest.mark.points(3, needs="test_square_bad")
    def test_square_next(student, reference):
        """Next."""
        assert_close(student.square(3), reference.square(3))
    '''
    right = graded(checks, notebook())
    assert [str(outcome.status) for outcome in right.outcomes] == ["fault", "passed", "passed"]
    assert (right.total.score, right.total.max_score) == (6, 6)


def test_an_untouched_notebook_with_a_sound_check(graded: Callable[..., Result]) -> None:
    result = graded(SQUARE, notebook(STUB.format("square"), STUB.format("cube")))
    assert [str(outcome.status) for outcome in result.outcomes] == ["not_attempted", "not_attempted"]


def test_a_name_that_one_file_defines_twice_is_an_error(tmp_path: Path) -> None:
    check = '@pytest.mark.points(1)\ndef test_square_value(student):\n    """A title."""\n'
    (tmp_path / "visible.py").write_text(f"import pytest\n{check}\n{check}")
    with pytest.raises(CourseError, match="two checks have the name test_square_value"):
        plugin.collect(tmp_path, ("square",))


def test_a_tensor_as_the_condition_of_a_plain_assert_is_an_error() -> None:
    with pytest.raises(TypeError, match="compare it with"):
        bool(Tensor(np.ones(1)))


def test_of_many_inputs_the_message_tells_a_few_and_the_detail_all(run: Run) -> None:
    text = """
        @pytest.mark.points(1)
        def test_square_many(student, reference):
            '''T.'''
            x = list(range(1000, 1200))
            assert_close(student.probe("squares", x), 7)
    """
    outcome = run(textwrap.dedent(text), student=SimpleNamespace(ask=lambda request: 9))["test_square_many"]
    assert outcome.message.endswith("\nChecked with: [1000, 1001, 1002, … and 197 more]")
    first, _, rest = outcome.detail.partition("\n")
    assert first == f"Checked with: {list(range(1000, 1200))}"
    assert "expected: 7" in rest


def test_what_a_graded_visible_check_tells_holds_no_expected_value(run: Run) -> None:
    text = """
        @pytest.mark.points(1)
        def test_square_float(student):
            '''T.'''
            assert_close(student.square(3), 7125)

        @pytest.mark.points(1)
        def test_square_plain(student):
            '''T.'''
            assert student.square(3) == 7125
    """
    outcomes = run(textwrap.dedent(text))
    for outcome in outcomes.values():
        if outcome.check.id in ("test_square_float", "test_square_plain"):
            assert outcome.status is Status.FAILED
            assert "7" not in outcome.message
            assert "7" in outcome.detail  # for the instructor
