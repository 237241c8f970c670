"""Predictions: which answers count as right, which do not, and what is said of a dict or a case that is missing."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from courses import Shared

from autograder import plugin, sandbox, wire
from autograder.errors import CallFailed
from autograder.expect import CheckFailed, assert_predictions
from autograder.expect.predictions import Answers
from autograder.model import Outcome, Status
from autograder.notebook import Step
from autograder.sandbox import Limits, Session
from autograder.student import Cached, Proxy
from autograder.wire import Opaque, Tensor


def tensor(values: Any, dtype: str = "float32", kind: str = "Tensor") -> Tensor:
    return Tensor(np.array(values, dtype=dtype), kind)


def told(actual: Any, desired: Any, **options: Any) -> CheckFailed:
    with pytest.raises(CheckFailed) as caught:
        assert_predictions(actual, desired, **options)
    return caught.value


# ---- one answer --------------------------------------------------------------------------------------

TEXT = Tensor(np.array(b"Not Watched", dtype=object), "numpy scalar")


@pytest.mark.parametrize(
    ("given", "right"),
    [
        (3, 3),
        (3.0, 3),
        (3, 3.0),
        (tensor(3, "int64"), 3),
        (tensor(3.0, kind="Variable"), 3),
        (tensor(3.0, kind="numpy scalar"), 3),
        (tensor([3.0], kind="ndarray"), 3),
        (2.6000001, 2.6),
        (0.1 + 0.2, 0.3),
        (float("nan"), float("nan")),
        ("no change", "no change"),
        ("No_Change ", "no change"),
        ("no-change", "no change"),
        ("  NO   change", "no change"),
        (TEXT, "not watched"),
        (b"graph", "graph"),
        ("cpu:1", "CPU:1"),
        ("/CPU:1", "CPU:1"),
        ("device:CPU:1", "CPU:1"),
        ("/job:localhost/replica:0/task:0/device:CPU:1", "CPU:1"),
        ("tf.float32", "float32"),
        ("Double", "float64"),
        ((2, 3), (2, 3)),
        ([2, 3], (2, 3)),
        ((2.0, tensor(3, "int32")), (2, 3)),
        (tensor([2, 3], "int32"), (2, 3)),
        (tensor([5], "int32"), (5,)),
        (tensor([], "int32"), ()),
        ([None, 3], (None, 3)),
        ([[2, 3], "Float32"], ((2, 3), "float32")),
        ((tensor([3], "int32"), "float32"), ((3,), "float32")),
        ((1 / 8, 1), (0.125, 1)),
        (True, True),
        (tensor(False, "bool"), False),
        (None, None),
    ],
)
def test_an_answer_counts_however_it_is_typed(given: Any, right: Any) -> None:
    assert_predictions({"case": given}, {"case": right})
    assert_predictions({" Case": given, "note": Opaque("function")}, {"case": right})
    assert_predictions([("case", given)], {"case": right})
    assert_predictions(Answers({"case": given}), Answers({"case": right}, ("other",)))


@pytest.mark.parametrize(
    ("given", "right"),
    [
        (4, 3),
        (-3, 3),
        (3.001, 3),
        (10**400, 3),
        (-(10**400), 3),
        (float("nan"), 3),
        (float("inf"), 3),
        (tensor([3, 3]), (3, 3, 3)),
        ("graph", "eager"),
        ("", "eager"),
        ("eager graph", "eager"),
        ("CPU:11", "CPU:1"),
        ("float", "float64"),
        ((2, 3), (3, 2)),
        ((2, 3), (2, 3, 1)),
        ((), (1,)),
        ((3,), (None,)),
        (((2, 3), "int64"), ((2, 3), "int32")),
        (True, False),
        (3, None),
    ],
)
def test_another_answer_of_the_same_kind_is_wrong(given: Any, right: Any) -> None:
    failed = told({"case": given, "other": right}, {"case": right, "other": right})
    if failed.summary == "Some predictions do not come true.":
        assert (failed.detail, failed.diagnosis) == ("look again at: case", "")
    else:
        assert (given, right) in [("", "eager"), (3, None)]  # no answer, and another kind


@pytest.mark.parametrize(
    ("given", "right", "words", "detail", "diagnosis"),
    [
        ("3", 3, (), 'case: got "3", asked for is a number', "A number is written without quotes."),
        ("-1", 3, ["error"], 'case: got "-1", asked for is a number or "error"', "A number is written without quotes."),
        ("two", 3, (), 'case: got "two", asked for is a number', ""),
        (True, 1, (), "case: got True, asked for is a number", ""),
        ([3], 3, (), "case: got (3,), asked for is a number", ""),
        (
            tensor([3, 3]),
            3,
            (),
            "case: got a tf.Tensor of shape (2,) and dtype float32: [3, 3], asked for is …",
            "",
        ),
        (Opaque("function"), 3, (), "case: got a function, asked for is a number", ""),
        ({"a": 3}, 3, (), "case: got a dict: {'a': 3}, asked for is a number", ""),
        (3, "graph", (), "case: got 3, asked for is a word", ""),
        (
            "garph",
            "graph",
            ["graph", "eager", "either"],
            'case: got "garph", asked for is "graph", "eager" or "either"',
            "",
        ),
        (
            5,
            (5,),
            ["error"],
            'case: got 5, asked for is a tuple of numbers or "error"',
            "A tuple with a single number is written with a comma: (5,).",
        ),
        (
            (5, "int32"),
            ((5,), "int32"),
            (),
            'case: got (5, "int32"), asked for is a pair of a tuple of numbers and a word',
            "A tuple with a single number is written with a comma: (5,).",
        ),
        ("x" * 999, 3, (), f'case: got "{"x" * 300}… (999 characters)", asked for is a number', ""),
        (tensor(np.zeros(101)), (1, 2), (), "case: got a tf.Tensor of shape (101,) and dtype float32: [0, …", ""),
    ],
)
def test_an_answer_of_another_kind_is_told_and_never_what_is_right(
    given: Any, right: Any, words: list[str], detail: str, diagnosis: str
) -> None:
    failed = told({"case": given}, {"case": right}, words=words)
    assert failed.summary == "These have an answer of another kind than is asked for: case."
    assert failed.detail.startswith(detail.removesuffix("…"))
    assert failed.diagnosis == diagnosis


@pytest.mark.parametrize("answer", [..., "...", "…", " ", "?", None, Opaque("ellipsis"), (2, Opaque("ellipsis"))])
def test_what_the_text_has_in_the_place_of_an_answer_is_none(answer: Any) -> None:
    failed = told({"case": answer, "other": 3}, {"case": 2, "other": 3})
    assert (failed.summary, failed.detail) == ("These cases have no answer: case.", "")


@pytest.mark.parametrize(
    ("atol", "passes"), [(0.01, True), ({"loss": 0.01}, True), ({"steps": 0.01}, False), (1e-4, False)]
)
def test_how_far_a_number_may_be_off(atol: Any, passes: bool) -> None:
    given, right = {"steps": 16, "loss": 2.31}, {"steps": 16, "loss": 2.303}
    if passes:
        assert_predictions(given, right, atol=atol)
        told(given | {"loss": 2.32}, right, atol=atol)
    else:
        assert told(given, right, atol=atol).detail == "look again at: loss"


# ---- all of them -------------------------------------------------------------------------------------

RIGHT = {"print": 1, "tf_print": 3, "both": 4, "raises": "error"}


@pytest.mark.parametrize(
    ("given", "summary", "detail"),
    [
        (
            {"print": 3, "tf_print": 1, "both": 4, "raises": 1},
            "Some predictions do not come true.",
            "look again at: print, tf_print, raises",
        ),
        (
            {"print": 1, "raises": "error"},
            "These cases have no answer: tf_print, both.",
            "",
        ),
        (
            {"print": 1, "tf_prnt": 3, "boht": 4, "raises": "error"},
            "These cases have no answer: tf_print, both.",
            "tf_prnt is none of the cases: is tf_print meant?\nboht is none of the cases: is both meant?",
        ),
        (
            {"print": 1, "tf_print": 3, "raises": "error", "x": 4, 3: 4},
            "These cases have no answer: both.",
            "none of the cases: x, 3",
        ),
        (
            {"print": 1, "tf_print": 3, "raises": "error", "hidden_both": 4},  # a case that another check asks for
            "These cases have no answer: both.",
            "",
        ),
        (
            {"print": 2, "tf_print": "3", "raises": "eror"},
            "These cases have no answer: both. "
            "These have an answer of another kind than is asked for: tf_print, raises. "
            "Some predictions do not come true.",
            'tf_print: got "3", asked for is a number or "error"\n'
            'raises: got "eror", asked for is a number or "error"\nlook again at: print',
        ),
        ({}, "These cases have no answer: print, tf_print, both, raises.", ""),
        ([3, 4], "A dict is expected here, with an answer for each case.", "got: a list: [3, 4]"),
        ("print", "A dict is expected here, with an answer for each case.", "got: a string: 'print'"),
        (None, "A dict is expected here, with an answer for each case.", "got: None"),
        (Opaque("function"), "A dict is expected here, with an answer for each case.", "got: a function"),
    ],
)
def test_every_case_with_a_mistake_is_named(given: Any, summary: str, detail: str) -> None:
    failed = told(Answers(given), Answers(RIGHT, ("hidden_both",)), words=["error"])
    assert (failed.summary, failed.detail) == (summary, detail)


@pytest.mark.parametrize(
    ("desired", "words", "error", "match"),
    [
        (None, (), TypeError, "are a dict with answers, not None"),
        ({}, (), TypeError, "are a dict with answers"),
        ({"a": Opaque("function")}, (), TypeError, "answer to 'a' is a function, which is no data"),
        ({"a": "graph"}, ["grph", "eager"], ValueError, "answer to 'a' is none of the words grph, eager"),
    ],
)
def test_a_reference_that_cannot_be_compared_with_is_an_error(
    desired: Any, words: list[str], error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        assert_predictions({"a": 1}, desired, words=words)


# ---- out of a notebook -------------------------------------------------------------------------------

NOTEBOOK = """
import collections
import fractions
import numpy as np
import tensorflow as tf

tensors = {
    "a": (tf.TensorShape([2, 3]), tf.int32),
    "b": (tf.constant(2.5).shape, np.float32),
    "c": (tf.shape(tf.zeros((3, 1))), np.dtype("float64")),
    "d": ([None, 2], "bool"),
    "e": (np.array([7]), bool),
}
numbers = collections.OrderedDict(a=np.int64(1), b=fractions.Fraction(1, 8), c=tf.Variable(3), d=..., e=np.str_("No"))
in_pairs = [("a", 1), ("b", 2)]
a_function = lambda: None
side_effect = {"a": 1}
Who_Prints = {"a": 1}
factor = 2
plase = tf
"""
SHAPES = {
    "a": ((2, 3), "int32"),
    "b": ((), "float32"),
    "c": ((3, 1), "float64"),
    "d": ((None, 2), "bool"),
    "e": ((7,), "bool"),
}


@pytest.fixture(scope="module")
def session(starter: sandbox.Starter) -> Iterator[Session]:
    """A notebook with answers."""
    with Session(Shared(starter), [Step(0, "answers", NOTEBOOK)], Limits()) as session:
        yield session


def test_answers_may_be_tensorflow_s_own_objects(session: Session) -> None:
    student = Proxy(session)
    assert_predictions(student.tensors.answers(), SHAPES)
    assert_predictions(student.numbers.answers(), {"a": 1, "b": 0.125, "c": 3, "e": "no"})
    assert_predictions(student.in_pairs.answers(), {"a": 1, "b": 2})
    assert told(student.numbers.answers(), {"d": 1}).summary == "These cases have no answer: d."
    assert told(student.a_function.answers(), {"a": 1}).detail == "got: a function"


def test_the_reference_tells_the_answers_that_are_asked_for_and_no_others(session: Session) -> None:
    kept = Cached(session)
    answers = Proxy(kept, reference=True).tensors.answers("b", "d")
    assert set(answers.given) == {"b", "d"}
    assert sorted(answers.others) == ["a", "c", "e"]
    (reply,) = kept.replies.values()
    assert b"float32" in wire.pack(reply)
    assert b"int32" not in wire.pack(reply)
    assert set(Proxy(session).tensors.answers("b").given) == set(SHAPES)  # where a misspelt one may be


# ---- a dict that is missing --------------------------------------------------------------------------

CHECK = '''
import pytest
from autograder.expect import assert_predictions


@pytest.mark.points(1)
def test_{name}_cases(student, reference):
    """The predictions are right."""
    assert_predictions(student.{name}.answers(), {{"a": 1}})
'''


@pytest.fixture
def ask(session: Session, tmp_path: Path) -> Callable[..., Outcome]:
    """The outcome of a check of an exercise whose answer may be missing."""

    def of(name: str, *, hidden: bool = False, **options: Any) -> Outcome:
        (tmp_path / ("hidden.py" if hidden else "visible.py")).write_text(textwrap.dedent(CHECK.format(name=name)))
        found: list[Any] = []
        subject = plugin.Subject(session, session, 1, **options)
        plugin.run(tmp_path, [name], [subject], lambda _, outcomes: found.extend(outcomes))
        (outcome,) = found
        assert isinstance(outcome, Outcome)
        return outcome

    return of


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("side_effects", "side_effect"),
        ("side_efect", "side_effect"),
        ("who_prints", "Who_Prints"),
        ("factors", ""),  # a number is no dict
        ("place", ""),  # nor is a module
        ("side", ""),
    ],
)
def test_a_dict_that_is_missing_is_named_with_one_that_may_be_meant(
    ask: Callable[..., Outcome], name: str, near: str
) -> None:
    there = f" There is {near}: if that is your answer, call it {name}." if near else ""
    untouched = frozenset({name})
    assert (graded := ask(name, untouched=untouched)).message == f"Not attempted yet. {name} is not defined.{there}"
    assert (graded.status, graded.score) == (Status.NOT_ATTEMPTED, 0)
    live = ask(name, untouched=untouched, live=True)
    assert live.message == f"{name} is not defined.{there} Write your code, run its cell, then this one."
    touched = ask(name)
    assert touched.message == (
        f"{name} is not defined in your notebook.{there} Did its cell fail, or was it renamed or deleted?"
    )
    assert touched.status is Status.FAILED
    assert ask(name, live=True).message.startswith(f"{name} is not defined.{there} Run the cell with your code first")


def test_a_hidden_check_tells_no_name_of_the_notebook(ask: Callable[..., Outcome]) -> None:
    untouched = ask("side_effects", hidden=True, untouched=frozenset({"side_effects"}))
    assert untouched.message == "Not attempted yet. side_effects is not defined."
    assert "There is" not in ask("who_prints", hidden=True).message


def test_a_name_that_is_missing_is_an_error_of_the_call(session: Session) -> None:
    with pytest.raises(CallFailed, match=r"name 'side_effects' is not defined\. Did you mean: 'side_effect'\?"):
        Proxy(session).side_effects.answers()
    with pytest.raises(CallFailed, match=r"name 'factors' is not defined\. Did you mean: 'factor'\?"):
        _ = Proxy(session).factors.value
