"""The checks of the second lab of week 1: one for each exercise, all of them visible."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.expect import assert_close, assert_predictions, assert_true
from autograder.student import as_variable
from autograder.wire import Tensor

# Formulas: the student reads them where a check fails, and probes.py has a function for each.
WAVE, CUBIC, BELL = "a * sin(b * x)", "a * x**3 + b * x", "a * exp(-b * x**2)"
SEPARATE = "a * x**2 + b * y**2"
SUM, BOWL = "sum(sin(c * w) + w**3 / 3)", "sum(c * w**2)"


def same(actual, known, sentence):
    """The sentence if the result has the values of a known mistake, else ""."""
    if not isinstance(actual, Tensor) or actual.shape != np.shape(known) or actual.dtype == "string":
        return ""
    return sentence if np.allclose(actual.array, known, rtol=1e-3, atol=1e-5) else ""


def assert_not_none(result, causes):
    """No gradient of the result is None; the message names what to look for."""
    parts = result if isinstance(result, (tuple, list)) else [result]
    assert_true(
        all(part is not None for part in parts),
        "None came where a gradient is expected.",
        diagnosis=f"If there is a return, then the tape saw no path from the source to the target: {causes}",
    )


def part(result, place):
    """One of several results, or None where there are none."""
    return result[place] if isinstance(result, (tuple, list)) and len(result) > place else None


@pytest.mark.points(1, hint="Is x watched, and is the curve called inside the with block?")
def test_slopes_values(student, reference, draw):
    """The slopes of several curves are right, for tensors and for Variables."""
    for curve, x in (
        (WAVE, draw.normal(draw.size(4, 7))),
        (CUBIC, draw.normal(draw.shape(2), dtype="float64")),
        (BELL, as_variable(draw.normal(draw.size(3, 5)))),
    ):
        array = x.array if isinstance(x, Tensor) else x
        numbers = draw.uniform(2, low=0.5, high=2.0, dtype=array.dtype.name)
        actual, desired = (side.probe("slopes", curve=curve, a_and_b=numbers, x=x) for side in (student, reference))
        assert_not_none(actual, "is x watched, before it is used inside the with block?")
        diagnosis = same(
            actual, np.asarray(desired) / array.size, "Divided by the number of elements: is there a mean?"
        )
        assert_close(actual, desired, rtol=1e-3 if array.dtype == np.float32 else 1e-8, diagnosis=diagnosis)


@pytest.mark.points(1, hint="When does a tape throw its record away, and which values are in the record?")
def test_after_the_record_cases(student, reference):
    """The predictions of what a tape still knows are right."""
    assert_predictions(student.after_the_record.answers(), reference.after_the_record.answers(), words=["error"])


@pytest.mark.points(1, hint="Three questions to one tape: what must it be? And which value does each slope belong to?")
def test_chain_slopes(student, reference, draw):
    """dz/dy, dy/dx and dz/dx are right, and in this order."""
    for outer, inner, x in (
        (WAVE, CUBIC, draw.normal(draw.size(3, 6))),
        (BELL, WAVE, draw.normal(dtype="float64")),
    ):
        numbers = draw.uniform(2, low=0.5, high=1.5, dtype=x.dtype.name)
        inputs = {"outer": outer, "inner": inner, "a_and_b": numbers, "x": x}
        actual, desired = (side.probe("chain", **inputs) for side in (student, reference))
        assert_not_none(actual, "is x watched, and are y and z computed inside the with block?")
        diagnosis = ""
        if same(part(actual, 0), desired[2], "x"):
            diagnosis = "The first result is dz/dx here."
        elif same(part(actual, 0), desired[1], "x"):
            diagnosis = "The first result is dy/dx here."
        assert_close(actual, desired, rtol=1e-3, atol=1e-4, diagnosis=diagnosis)


@pytest.mark.points(1, hint="Which tape has to see how the slope is computed, and what does each of them watch?")
def test_mixed_derivative_values(student, reference, draw):
    """The mixed derivative of several surfaces is right, also where it is 0."""
    for surface, shape, dtype in (
        ("a * x**2 * y**3 + b * x**2 + y**2", (), "float32"),
        ("sin(a * x + b * y**2) + x * y", draw.shape(2), "float64"),
        (SEPARATE, (draw.size(3, 6),), "float32"),
    ):
        numbers, x, y = (draw.uniform(size, low=0.5, high=1.5, dtype=dtype) for size in ((2,), shape, shape))
        inputs = {"surface": surface, "a_and_b": numbers, "x": x, "y": y}
        actual, desired = student.probe("mixed_derivative", **inputs), reference.probe("mixed_derivative", **inputs)
        causes = "is the inner gradient computed inside the outer block?"
        if surface == SEPARATE:
            causes = "here there is none, because the slope in x does not depend on y. The answer is 0."
        assert_not_none(actual, causes)
        assert_close(actual, desired, rtol=1e-3, atol=1e-4)


@pytest.mark.points(1, hint="From the outside to the inside: the mean, the root, the square, and then the miss itself.")
def test_hand_gradient_values(student, reference, draw):
    """The gradient that was derived by hand is right, without a tape."""
    for count, dtype in ((draw.size(4, 8), "float32"), (1, "float32"), (draw.size(4, 8), "float64")):
        w, x, y = draw.normal(dtype=dtype), draw.normal(count, scale=2, dtype=dtype), draw.normal(count, dtype=dtype)
        actual, desired = (side.probe("hand_gradient", w=w, x=x, y=y) for side in (student, reference))
        miss = w * x - y
        root = np.sqrt(1 + miss**2)
        diagnosis = (
            same(actual, np.mean(miss / root), "The slope of the inside is missing: how does a miss grow with w?")
            or same(actual, np.mean(2 * miss / root * x), "Twice the right result: look at the slope of the root.")
            or same(actual, np.mean(miss / root * x) * count, "This is a sum; the loss is a mean.")
            or same(actual, desired, "Close, but not exact: is the gradient measured here? A formula is asked.")
        )
        tight = dtype == "float64"  # more than any difference of losses can reach
        assert_close(actual, desired, rtol=1e-12 if tight else 1e-3, atol=1e-13 if tight else 1e-5, diagnosis=diagnosis)


@pytest.mark.points(1, hint="How far apart are the two places at which the curve is asked?")
def test_central_difference_values(student, reference, draw):
    """The measured slopes are those of the formula, for large and for small h."""
    for curve, h, dtype in ((WAVE, 0.5, "float64"), (CUBIC, 0.25, "float32"), (BELL, 0.01, "float64")):
        numbers, x = draw.uniform(2, low=0.8, high=2.0, dtype=dtype), draw.normal(draw.shape(2), dtype=dtype)
        inputs = {"curve": curve, "a_and_b": numbers, "x": x, "h": h}
        actual, desired = (side.probe("central_difference", **inputs) for side in (student, reference))
        diagnosis = same(
            actual, np.asarray(desired) * 2, "Twice the right result: the two places are 2 h apart."
        ) or same(actual, np.asarray(desired) * 2 * h, "This is the difference itself: by what is it divided?")
        tight = dtype == "float64"
        assert_close(actual, desired, rtol=1e-8 if tight else 1e-3, atol=1e-8 if tight else 1e-4, diagnosis=diagnosis)


@pytest.mark.points(1, hint="Each weight moves alone. Which h is best in float64? Is -1 a larger error than 0.5?")
def test_worst_error_values(student, reference, draw):
    """Right claims give nearly 0, wrong ones their largest error."""
    count = draw.size(4, 6)
    errors = np.zeros(count)
    last_wrong = np.where(np.arange(count) == count - 1, -float(draw.uniform(low=1.0, high=2.0)), errors)
    cancelling = np.where(np.arange(count) < 2, [0.75, -0.75, *errors[2:]], errors)
    for loss, added in (
        (SUM, errors),
        (f"{SUM}, in NumPy", errors),
        (SUM, last_wrong),
        (SUM, cancelling),
        (f"{SUM}, in NumPy", draw.normal(count, scale=1e-3, dtype="float64")),
    ):
        numbers = draw.uniform(count, low=0.5, high=2.0, dtype="float64")
        inputs = {"loss": loss, "c": numbers, "added_to_the_claim": added}
        inputs["weights"] = draw.normal(count, dtype="float64")
        actual, desired = student.probe("worst_error", **inputs), reference.probe("worst_error", **inputs)
        assert_close(actual, desired, rtol=1e-5, atol=1e-6)


@pytest.mark.points(1, hint="Which way, from where are the gradients, and what do the boxes hold afterwards?")
def test_descent_step_weights(student, reference, draw):
    """All weights move against the gradient, in place, and the loss before the step comes back."""
    for rate in (0.05, 0.5):
        a, b = draw.normal(mean=2.0), draw.normal(draw.size(2, 4), mean=1.0)
        inputs = {"a": as_variable(a), "b": as_variable(b), "learning_rate": rate}
        actual, desired = student.probe("descent_step", **inputs), reference.probe("descent_step", **inputs)
        moved, right = np.asarray(actual["b"]), np.asarray(desired["b"])
        diagnosis = ""
        if np.allclose(moved, b):
            diagnosis = "The Variables hold what they held before."
        elif np.allclose(moved - b, b - right, rtol=1e-3, atol=1e-5):
            diagnosis = "This step goes uphill."
        for name in ("a", "b"):
            assert_close(actual[name], desired[name], rtol=1e-3, atol=1e-4, diagnosis=diagnosis)
        assert_close(actual["loss"], desired["loss"], rtol=1e-4, diagnosis="The loss before the step is asked.")


@pytest.mark.points(1, hint="From where is each try, when is a try good, and what does a comparison with nan say?")
def test_careful_step_steps(student, reference, draw):
    """The first good step is taken: at once, after some halvings, after nan, and at the bottom."""
    size = draw.size(2, 4)
    steepness = draw.uniform(size, low=0.8, high=1.2)
    away = draw.uniform(size, low=1.0, high=2.0)
    for loss, start, rate in (
        (BOWL, away, 0.1),
        (BOWL, -away, 6.4),
        (BOWL, np.zeros_like(away), 3.0),
        ("sum(w - c * log(w))", 3 + away, 50.0),
    ):
        inputs = {"loss": loss, "c": steepness, "start": start, "learning_rate": rate}
        actual, desired = student.probe("careful_step", **inputs), reference.probe("careful_step", **inputs)
        two = isinstance(actual, (tuple, list)) and len(actual) == 2
        assert_true(two, "Two results are asked: the new position and the learning rate.")
        assert_true(actual[0] is not None, "There is no new position.")
        assert_close(actual[1], desired[1], rtol=1e-6, diagnosis="This is the learning rate that was used at last.")
        assert_close(actual[0], desired[0], rtol=1e-3, atol=1e-4)
