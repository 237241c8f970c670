"""One notebook → its Result, through a real worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from courses import CUBE, STUB, notebook

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grade import Grader
from autograder.model import Result, Status

Grade = Callable[[Any], Result]


def statuses(result: Result) -> dict[str, str]:
    return {outcome.check.id: str(outcome.status) for outcome in result.outcomes}


def test_the_reference_earns_every_point(grade: Grade) -> None:
    result = grade(notebook())
    assert (result.total.score, result.total.max_score) == (6, 6)
    assert set(statuses(result).values()) == {"passed"}
    assert result.error is None
    assert result.cells == ()


def test_an_untouched_notebook_is_not_attempted(grade: Grade) -> None:
    result = grade(notebook(STUB.format("square"), STUB.format("cube")))
    assert result.total.score == 0
    assert set(statuses(result).values()) == {"not_attempted"}


@pytest.mark.parametrize(
    "square",
    [
        "def square(x):\n    return x**2",
        "square = lambda x: tf.square(x)",
        "@tf.function\ndef square(x):\n    return tf.math.multiply(x, x)",
        "def square(x):\n    import warnings, sys, logging\n    warnings.warn('w'); logging.warning('l')\n"
        "    print('noise', file=sys.stderr)\n    tf.print('more')\n    return x * x",
        "class Square:\n    def __call__(self, x):\n        return x * x\nsquare = Square()",
        "def square(x):\n    return tf.Variable(x) * x if False else tf.einsum('...,...->...', x, x)",
    ],
)
def test_right_but_different_answers_earn_every_point(grade: Grade, square: str) -> None:
    assert grade(notebook(square)).total.score == 6


@pytest.mark.parametrize(
    ("square", "words"),
    [
        ("def square(x):\n    return x * x + 1", "All values differ"),
        ("def square(x):\n    return (x * x).numpy()", "a numpy array"),
        ("def square(x):\n    x * x", "Did you forget a return?"),
        ("def square(x):\n    return tf.cast(x * x, tf.float64)", "float32 expected, float64 came"),
        ("def square(x):\n    return tf.reduce_sum(x * x)", "The shape"),
        ("def square(x):\n    return x / 0 * float('nan')", "nan"),
        ("def square(x):\n    raise KeyError('oops')", "square raised KeyError: 'oops'"),
        ("def squared(x):\n    return x * x", "square is not defined in your notebook"),
        ("def square(x:\n    return x * x", "square is not defined in your notebook"),
        ("def square(x):\n    while True: pass", "did not finish within 3 seconds"),
        ("def square(x):\n    import os; os._exit(0)", "ended the notebook's process"),
        ("def square(x):\n    return object()", "A tf.Tensor is expected"),
    ],
)
def test_a_wrong_answer_is_told_what_is_wrong(grade: Grade, square: str, words: str) -> None:
    result = grade(notebook(square))
    outcomes = {outcome.check.id: outcome for outcome in result.outcomes}
    assert outcomes["test_square_value"].status is Status.FAILED
    assert words in outcomes["test_square_value"].message
    assert outcomes["test_square_value"].hint == "Multiply each element by itself."
    assert outcomes["test_square_gradient"].status is Status.NOT_CHECKED
    assert outcomes["test_cube_value"].status is Status.PASSED
    assert result.total.score == 1


def test_a_hidden_check_tells_no_value(grade: Grade) -> None:
    square = (
        "class Told(Exception): pass\n"
        "calls = []\n"
        "def square(x):\n"
        "    calls.append(1)\n"
        "    if len(calls) > 1:\n"
        "        raise type('Saw_%s' % x.numpy().tolist(), (Exception,), {})(str(x.numpy()))\n"
        "    return x * x"
    )
    result = grade(notebook(square))
    hidden = next(outcome for outcome in result.outcomes if outcome.check.id == "test_square_gradient")
    assert hidden.status is Status.FAILED
    assert hidden.message == "square raises an error for some inputs."
    assert hidden.detail == ""


def test_a_hidden_wrong_gradient_tells_no_value(grade: Grade) -> None:
    result = grade(notebook("def square(x):\n    return tf.stop_gradient(x) * x"))
    hidden = next(outcome for outcome in result.outcomes if outcome.check.id == "test_square_gradient")
    assert hidden.message.startswith("The value is not the expected one.")
    assert not any(character.isdigit() for character in hidden.message)
    assert "Call:" not in hidden.message


def test_a_failing_cell_does_not_stop_the_next(grade: Grade) -> None:
    result = grade(notebook(extra=["1 / 0", "import sys; sys.exit(3)", "raise KeyboardInterrupt"]))
    assert result.total.score == 6
    assert [cell["ename"] for cell in result.cells] == ["ZeroDivisionError", "SystemExit", "KeyboardInterrupt"]
    assert [cell["cell"] for cell in result.cells] == [1, 2, 3]


def test_a_cell_that_ends_or_blocks_the_process_is_left_out(grade: Grade) -> None:
    result = grade(notebook(extra=["import os; os._exit(0)", "import os; os.kill(os.getpid(), 11)", "input('?')"]))
    assert result.total.score == 6
    assert [cell["ename"] for cell in result.cells][:2] == ["ProcessEnded", "ProcessEnded"]


def test_every_call_starts_from_the_same_random_state(grade: Grade) -> None:
    assert grade(notebook("def square(x):\n    return x * x + 0 * tf.random.normal(x.shape)")).total.score == 6


def test_the_result_goes_through_json(grade: Grade) -> None:
    result = grade(notebook("def square(x):\n    return x", CUBE, ["1 / 0"]))
    assert Result.from_dict(result.to_dict()).to_dict() == result.to_dict()


def test_a_solution_that_passes_nothing_is_the_instructors_to_mend(course: Course) -> None:
    path = course.source("small", "powers")
    path.write_text(path.read_text().replace("return x * x", "return 1 / 0").replace("return x**3", "return 1 / 0"))
    with (
        Grader(course, seed=1) as grader,
        pytest.raises(CourseError, match="the solution passes none of its checks; test_square_value"),
    ):
        grader.grade_file(path, "small", "powers")
