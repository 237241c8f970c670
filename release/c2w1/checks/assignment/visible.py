"""The checks that a student can run: one or more for each exercise of the assignment of week 1."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.expect import assert_close, assert_connected, assert_equal, assert_predictions, assert_true
from autograder.student import as_variable
from autograder.wire import Tensor

CAUSES = "not float", "not watched", "not recorded", "left TensorFlow", "no path", "value"

# ---- words for mistakes that are known -----------------------------------------------------------------


def mean_for_sum(actual, desired, count):
    """A sentence if the result is the right one divided by the number of summands, else ""."""
    return same(
        actual,
        np.asarray(desired) / count,
        "This is the right result divided by the number of summands: a mean, not a sum.",
    )


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


# ---- tensors -------------------------------------------------------------------------------------------


@pytest.mark.points(1, hint="How many numbers are there, where does tf.range begin, and where does it stop?")
def test_counting_grid_values(student, reference, draw):
    """The places of a grid are numbered row after row, from 1."""
    for rows, cols in ((2, 3), (draw.size(3, 5), draw.size(6, 9))):
        assert_equal(student.counting_grid(rows, cols), reference.counting_grid(rows, cols), dtype="kind")


@pytest.mark.points(2, hint="Each element is multiplied by itself; the matrix product is something else.")
def test_square_all_values(student, reference, draw):
    """Every element is squared; shape and dtype stay."""
    size = draw.size(2, 4)
    table = draw.normal(size, size, scale=2)
    actual = student.square_all(table)
    diagnosis = same(actual, table @ table, "This is the matrix product of the tensor with itself.")
    assert_close(actual, reference.square_all(table), diagnosis=diagnosis)
    row = draw.normal(draw.size(3, 6))
    assert_close(student.square_all(row), reference.square_all(row))


@pytest.mark.points(1, needs="test_square_all_values", hint="Does a step leave TensorFlow and come back?")
def test_square_all_gradient(student, reference, draw):
    """A tape can follow the computation: square_all has the right gradient."""
    values = draw.normal(draw.size(3, 6), scale=2)
    gradient = student.square_all.gradient(values)
    assert_connected(gradient)
    assert_close(gradient, reference.square_all.gradient(values))


@pytest.mark.points(2, hint="Which size do you know from the batch, and which one can reshape work out?")
def test_flatten_rows_images(student, reference, draw):
    """A batch of grey or of colour images becomes a matrix with one row per image."""
    for batch in (draw.normal(draw.shape(3)), draw.normal(*draw.shape(3), 3)):
        assert_equal(student.flatten_rows(batch), reference.flatten_rows(batch))


@pytest.mark.points(2, hint="Which number has to become 1? Is the division done on floats?")
def test_scale_pixels_images(student, reference, draw):
    """uint8 images become float32 values from 0 to 1."""
    for low, high in ((0, 256), (20, 200)):  # the second is an image without black and white
        pixels = draw.integers(draw.shape(2, low=3), low=low, high=high, dtype="uint8")
        actual = student.scale_pixels(pixels)
        diagnosis = same(
            actual, pixels / 256, "This is the right result times 255/256: which pixel value should become 1?"
        )
        diagnosis = diagnosis or same(
            actual,
            pixels / max(pixels.max(), 1),
            "This divides by the brightest pixel of the image, which is another one in each image.",
        )
        assert_close(actual, reference.scale_pixels(pixels), diagnosis=diagnosis)


@pytest.mark.points(2, hint="Print the shapes before and after the reduction: which axis should disappear?")
def test_row_scores_values(student, reference, draw):
    """Each row gets its weighted sum plus the bias."""
    rows, cols = draw.size(5, 8), draw.size(2, 4)
    features, weights, bias = draw.normal(rows, cols), draw.normal(cols), draw.normal(mean=3.0)
    actual = student.row_scores(features, weights, bias)
    diagnosis = same(
        actual,
        (features * weights).mean(axis=1) + bias,
        "The products of a row are averaged here: a mean, not a sum.",
    )
    diagnosis = diagnosis or same(
        actual,
        (features * weights + bias).sum(axis=1),
        "The bias is in the sum once per feature; it should be there once per row.",
    )
    assert_close(actual, reference.row_scores(features, weights, bias), diagnosis=diagnosis)


@pytest.mark.points(2, hint="Give points and centres an axis of size 1 each: three axes are needed in all.")
def test_squared_distances_values(student, reference, draw):
    """Entry [i, j] is the squared distance of point i and centre j."""
    points, centres = draw.normal(draw.size(5, 8), 3), draw.normal(4, 3)
    actual = student.squared_distances(points, centres)
    squares = (points[:, None] - centres) ** 2
    diagnosis = (
        mean_for_sum(actual, squares.sum(-1), 3)
        or same(actual, np.sqrt(squares.sum(-1)), "These are the distances; their squares are asked.")
        or same(actual, squares.sum(-1).T, "Rows and columns are swapped: row i should belong to point i.")
    )
    assert_close(actual, reference.squared_distances(points, centres), atol=1e-4, diagnosis=diagnosis)


# ---- eager and graph -----------------------------------------------------------------------------------


@pytest.mark.points(1, hint="Eager code runs every time. When does a graph have to be traced again?")
def test_eager_or_graph_first(student, reference):
    """The predictions for eager, same_signature and new_shape are right."""
    cases = "eager", "same_signature", "new_shape"
    assert_predictions(student.eager_or_graph.answers(*cases), reference.eager_or_graph.answers(*cases))


# ---- gradients -----------------------------------------------------------------------------------------


@pytest.mark.points(2, hint="Is x watched, is every step in the with block, and is the target the sum?")
def test_polynomial_slopes_values(student, reference, draw):
    """The gradient of the sum is right for polynomials of several degrees."""
    for degree in (2, draw.size(3, 4)):
        x, coefficients = draw.normal(draw.size(4, 7)), draw.normal(degree + 1, mean=1.0).tolist()
        actual, desired = (
            student.polynomial_slopes(x, coefficients),
            reference.polynomial_slopes(x, coefficients),
        )
        assert_not_none(actual, "is x watched, of a float dtype, and used inside the with block?")
        values = sum(c * x**power for power, c in enumerate(coefficients))
        diagnosis = mean_for_sum(actual, desired, x.size) or same(
            actual, values, "These are the values of the polynomial; its slopes are asked."
        )
        assert_close(actual, desired, rtol=1e-3, atol=1e-4, diagnosis=diagnosis)


@pytest.mark.points(3, hint="Print the shapes of the predictions and of y. What does the loss average over?")
def test_loss_gradients_values(student, reference, draw):
    """The gradients with respect to w and b are right, and in this order."""
    rows, features = draw.size(6, 9), draw.size(2, 4)
    w, b = draw.normal(features), draw.normal(mean=2.0)
    x, y = draw.normal(rows, features), draw.normal(rows)
    inputs = as_variable(w), as_variable(b), x, y
    actual, desired = student.loss_gradients(*inputs), reference.loss_gradients(*inputs)
    assert_not_none(actual, "is the loss computed inside the with block, from w and b themselves?")
    first = actual[0] if isinstance(actual, (tuple, list)) and actual else None
    of_a_sum = np.asarray(desired[0]) * rows
    of_a_table = 2 / rows * (x @ w + b - y.mean()) @ x
    diagnosis = (
        same(first, of_a_sum, "This is the right result times the number of rows: of a sum, not of a mean.")
        or same(first, of_a_table, "In this loss every prediction meets every target, not only its own.")
        or same(first, desired[1], "The gradient with respect to b comes first here.")
    )
    assert_close(actual, desired, rtol=1e-3, atol=1e-4, diagnosis=diagnosis)


@pytest.mark.points(3, hint="Which tape has to see how the slope is computed, and what does each watch?")
def test_second_derivative_values(student, reference, draw):
    """The second derivative of a wave and of a bell-shaped curve is right."""
    x = draw.uniform(draw.size(4, 7), low=0.2, high=1.2)
    for curve in ("wave", "bell"):
        numbers = draw.uniform(2, low=1.5, high=2.5)
        actual = student.probe("second_derivative", curve, numbers, x)
        desired = reference.probe("second_derivative", curve, numbers, x)
        assert_not_none(actual, "is the inner gradient computed inside the outer with block?")
        a, b = numbers
        slope = {"wave": a * b * np.cos(b * x), "bell": -2 * a * b * x * np.exp(-b * x * x)}[curve]
        diagnosis = (
            same(actual, slope, "This is the first derivative.")
            or same(actual, slope**2, "This is the square of the slope, not the slope of the slope.")
            or mean_for_sum(actual, desired, x.size)
        )
        assert_close(actual, desired, rtol=1e-3, atol=1e-4, diagnosis=diagnosis)


@pytest.mark.points(2, hint="A gradient has the shape of its source. What becomes of a target's elements?")
def test_gradient_and_jacobian_gradient(student, reference, draw):
    """The first result is the gradient of the sum of the outputs."""
    actual, desired = layer_derivatives(student, reference, draw)
    assert_not_none(actual[0], "x is a plain tensor: does the tape watch it?")
    diagnosis = mean_for_sum(actual[0], desired[0], desired[1].shape[0])
    assert_close(actual[0], desired[0], atol=1e-4, diagnosis=diagnosis)


@pytest.mark.points(2, hint="One row per output, one column per input.")
def test_gradient_and_jacobian_jacobian(student, reference, draw):
    """The second result is the Jacobian: how each output reacts to each input."""
    actual, desired = layer_derivatives(student, reference, draw)
    assert_not_none(actual[1], "x is a plain tensor: does the tape watch it?")
    diagnosis = same(actual[1], np.asarray(desired[1]).T, "Rows and columns are swapped: one row per output.")
    assert_close(actual[1], desired[1], atol=1e-4, diagnosis=diagnosis)


def layer_derivatives(student, reference, draw):
    """Both results of gradient_and_jacobian, of the student and of the reference."""
    draw = draw.shared("layer")  # a Jacobian costs a graph, 50 ms: one for both checks
    outputs, inputs = draw.size(5, 7), draw.size(2, 4)
    weights, x = draw.normal(outputs, inputs, scale=0.5), draw.normal(inputs, scale=0.5)
    actual, desired = student.once.gradient_and_jacobian(weights, x), reference.gradient_and_jacobian(weights, x)
    two = isinstance(actual, (tuple, list)) and len(actual) == 2
    assert_true(two, "Two results are asked: the gradient and the Jacobian.")
    return actual, desired


@pytest.mark.points(2, hint="In each case: what is the source, who watches it, who computes each step?")
def test_gradient_causes_first(student, reference):
    """The predictions for the cases a, b, c and d are right."""
    assert_predictions(
        student.gradient_causes.answers(*"abcd"), reference.gradient_causes.answers(*"abcd"), words=CAUSES
    )


@pytest.mark.points(2, hint="Which steps of the broken function leave TensorFlow? The mean is a step too.")
def test_energy_gradient_values(student, reference, draw):
    """The gradient of the energy of a float signal is right."""
    x = draw.uniform(draw.size(4, 8), low=0.5, high=3.0)
    actual, desired = student.energy_gradient(x), reference.energy_gradient(x)
    assert_not_none(actual, "does a step go through NumPy, a Python float or a new tf.constant?")
    diagnosis = same(
        actual,
        2 * x / x.mean() ** 2,
        "These values take the mean for a constant, but it changes with every x.",
    )
    assert_close(actual, desired, rtol=1e-3, atol=1e-4, diagnosis=diagnosis)


@pytest.mark.points(3, hint="Where is each gradient taken, which way does it point, what do you keep?")
def test_descend_path(student, reference, draw):
    """The path begins at the start and goes downhill, step by step."""
    for valley in ("bowl", "trough"):
        size, steps, rate = draw.size(2, 3), draw.size(4, 6), float(draw.uniform(low=0.05, high=0.2))
        bottom, steepness = draw.normal(size), draw.uniform(size, low=0.5, high=2.0)
        inputs = (bottom, steepness, bottom + draw.uniform(size, low=1.0, high=2.0), rate, steps)
        actual = student.probe("descend", valley, *inputs)["path"]
        desired = reference.probe("descend", valley, *inputs)["path"]
        assert_not_none(actual, "the function should return the whole path.")
        assert_close(actual, desired, rtol=1e-4, atol=1e-4, diagnosis=path_diagnosis(actual, desired))


def path_diagnosis(actual, desired):
    """What a wrong path looks like, in words, or ""."""
    if not isinstance(actual, Tensor) or actual.array.ndim != 2:
        return ""
    path, right = actual.array, np.asarray(desired)
    if actual.shape == desired.shape and len(path) > 1:
        if np.allclose(path, path[-1]):
            return "All entries of the path are equal: does your list hold one Variable many times?"
        if np.allclose(path[1] - path[0], right[0] - right[1], rtol=1e-3):
            return "The first step goes uphill."
        if np.allclose(np.diff(path, axis=0), right[1] - right[0], rtol=1e-3):
            return "All steps are equal: the gradient has to be computed anew at each position."
        return ""
    if path.shape == right[1:].shape and np.allclose(path, right[1:], rtol=1e-3):
        return "The start itself is missing from the path."
    return ""
