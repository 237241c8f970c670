"""The checks of the first lab of week 1: one for each exercise, all of them visible."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.expect import assert_close, assert_equal, assert_no_python_loop, assert_predictions, assert_true
from autograder.student import as_variable
from autograder.wire import Tensor


def same(actual, known, sentence):
    """The sentence if the result has the values of a known mistake, else ""."""
    if not isinstance(actual, Tensor) or actual.shape != np.shape(known) or actual.dtype == "string":
        return ""
    return sentence if np.allclose(actual.array, known) else ""


@pytest.mark.points(1, hint="Count the brackets from the outside. And who made the numbers: Python or NumPy?")
def test_predicted_tensors_cases(student, reference):
    """The predicted shapes and dtypes are right."""
    assert_predictions(student.predicted_tensors.answers(), reference.predicted_tensors.answers())


@pytest.mark.points(1, hint="You know how many times there are. At which time is the last of them?")
def test_timestamps_values(student, reference, draw):
    """There are exactly as many times as asked, evenly spaced from the first."""
    inputs = (
        (2.0, 0.5, 4),
        (1.0, 0.1, 7),
        (round(float(draw.normal()), 3), round(float(draw.uniform(low=0.1, high=3.0)), 3), draw.size(5, 9)),
        (round(float(draw.normal(scale=9)), 3), 0.7, 1),
    )
    for first, step, count in inputs:
        actual = student.timestamps(first, step, count)
        diagnosis = same(
            actual,
            np.linspace(first, first + step * count, count),
            "Here the times lie too far apart: who is the last?",
        ) or same(actual, first + step * np.arange(1, count + 1), "Here the first time is one step too late.")
        assert_close(actual, reference.timestamps(first, step, count), diagnosis=diagnosis)


@pytest.mark.points(1, hint="After the first assign, where is the content that it has overwritten?")
def test_swap_contents(student, reference, draw):
    """Each box holds what the other held before."""
    for shape in (draw.shape(1), draw.shape(2)):
        a, b = draw.normal(shape), draw.normal(shape, mean=5.0)
        actual = student.probe("swap", a=as_variable(a), b=as_variable(b))
        diagnosis = ""
        if same(actual["a"], b, "x") and same(actual["b"], b, "x"):
            diagnosis = "Both boxes hold the content of b now: that of a is lost."
        elif same(actual["a"], a, "x") and same(actual["b"], b, "x"):
            diagnosis = "Both boxes are as they were."
        assert_close(actual, reference.probe("swap", a=as_variable(a), b=as_variable(b)), diagnosis=diagnosis)


@pytest.mark.points(
    1, hint="How many complete rows are there? Try a list that fills its rows, and one that is too short."
)
def test_complete_rows_values(student, reference, draw):
    """Complete rows are kept in their order, and the rest is left out."""
    width, rows = draw.size(4, 6), draw.size(2, 3)
    sizes = ((rows * width + draw.size(1, width - 1), width), (rows * width, width), (5, 1))
    for count, columns in sizes:
        values = draw.integers(count, high=100)
        actual = student.complete_rows(values, columns)
        lists = values[: count // columns * columns]
        diagnosis = same(
            actual, lists.reshape(columns, -1).T, "Here the values run down the columns: reshape is no transpose."
        )
        assert_equal(actual, reference.complete_rows(values, columns), diagnosis=diagnosis)
    short = draw.normal(width - 1)
    assert_equal(student.complete_rows(short, width), reference.complete_rows(short, width), empty=True)


@pytest.mark.points(1, hint="What does the cast cut off if a product is a tiny bit too small? And below zero?")
def test_to_cents_values(student, reference, draw):
    """Every amount becomes its whole number of cents, refunds too."""
    for shape in ((300,), draw.shape(2)):
        cents = draw.integers(shape, low=-2_000, high=20_000)
        euros = (cents / 100).astype("float32")
        actual = student.to_cents(euros)
        diagnosis = same(
            actual,
            (euros * 100).astype("int32"),
            "Some amounts are one cent too small: the cast cuts off, it does not round.",
        ) or same(actual, np.round(euros).astype("int32") * 100, "The cents are gone: what is rounded, and when?")
        assert_equal(actual, reference.to_cents(euros), diagnosis=diagnosis)


@pytest.mark.points(
    1, hint="Two comparisons, each in parentheses, and one answer for each element: which operator joins them?"
)
def test_inside_values(student, reference, draw):
    """The elements between low and high are found, the ends among them."""
    whole = draw.integers(draw.shape(2, low=3), low=-9, high=10)
    for x, low, high in (
        (whole, int(np.sort(whole.ravel())[2]), int(np.sort(whole.ravel())[-3])),
        (draw.normal(40), -0.5, 0.75),
        (draw.normal(draw.shape(3), scale=3, dtype="float64"), -2.0, 2.0),
    ):
        actual = student.inside(x, low, high)
        diagnosis = same(actual, (x > low) & (x < high), "The ends count as inside too.")
        assert_equal(actual, reference.inside(x, low, high), diagnosis=diagnosis)


@pytest.mark.points(1, hint="Write the two shapes below one another, aligned at the right, and look at each column.")
def test_broadcast_shapes_cases(student, reference):
    """The predicted shapes and errors are right."""
    assert_predictions(student.broadcast_shapes.answers(), reference.broadcast_shapes.answers(), words=["error"])


@pytest.mark.points(1, hint="A column and a row of the same labels: which operator compares them?")
def test_same_group_table(student, reference, draw):
    """The table is right for every two examples, and takes no loop."""
    for count in (draw.size(5, 8), 1):
        labels = draw.integers(count, high=3)
        assert_equal(student.same_group(labels), reference.same_group(labels))
    assert_no_python_loop(student.same_group.growth(draw.integers(3, high=4), draw.integers(60, high=4)))


@pytest.mark.points(
    1, hint="Is the result a tensor? Which dtype do you get for float64, and over which axes is it the median?"
)
def test_median_values(student, reference, draw):
    """The median of all elements comes as a tensor of the dtype of x."""
    odd = 2 * draw.size(2, 4) + 1
    for x in (
        draw.normal(odd, scale=5),
        draw.normal(odd + 1, mean=3.0),
        draw.normal(3, 4, dtype="float64"),
        draw.normal(dtype="float64"),
    ):
        actual = student.median(x)
        diagnosis = same(actual, x.mean(), "This is the mean.")
        assert_close(actual, reference.median(x), diagnosis=diagnosis)


@pytest.mark.points(1, hint="How large must the box be, and how do you know which places of it are in use?")
def test_last_values_memory(student, reference, draw):
    """The last numbers are remembered, oldest first, in a Variable that stays the same."""
    for size in (draw.size(3, 5), 1):
        numbers = [round(number, 2) for number in draw.normal(2 * size + 2).tolist()]
        numbers[size] = 0.0  # a number like any other, and no sign of an empty place
        actual, desired = (side.probe("last_values", size=size, numbers=numbers) for side in (student, reference))
        for count, (mine, theirs) in enumerate(zip(actual["remembered"], desired["remembered"], strict=True), 1):
            assert_close(mine, theirs, diagnosis=f"This is after number {count}.")
        assert_true(
            actual["places"] >= size,
            "The rule is broken: __init__ makes no tf.Variable with enough places for the numbers.",
        )
        assert_true(actual["same"], "The rule is broken: the Variables of the object are not those that __init__ made.")
        assert_true(not actual["grown"], "The rule is broken: a Python list of the object grows with the numbers.")
