"""The checks that come after handing in: other shapes, other dtypes, other draws, and the cases that trip."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.expect import assert_arguments_kept, assert_close, assert_equal, assert_predictions, assert_true
from autograder.student import as_ndarray, as_variable
from autograder.wire import Tensor

CAUSES = "not float", "not watched", "not recorded", "left TensorFlow", "no path", "value"


def assert_not_none(result):
    """No gradient of the result is None."""
    parts = result if isinstance(result, (tuple, list)) else [result]
    assert_true(all(part is not None for part in parts), "None came where a gradient is expected.")


# ---- tensors -------------------------------------------------------------------------------------------


@pytest.mark.points(2, hint="Try a single row, a single column, and many more rows than columns.")
def test_counting_grid_other_sizes(student, reference, draw):
    """Single rows, single columns and large grids are numbered too."""
    for rows, cols in (
        (1, draw.size(4, 8)),
        (draw.size(4, 8), 1),
        (1, 1),
        (draw.size(40, 60), draw.size(11, 19)),
    ):
        assert_equal(student.counting_grid(rows, cols), reference.counting_grid(rows, cols), dtype="kind")


@pytest.mark.points(1, hint="Whole numbers should stay whole numbers, and float64 should stay float64.")
def test_square_all_dtypes(student, reference, draw):
    """Other ranks and dtypes: whole numbers, float64, a single number."""
    inputs = (
        draw.integers(draw.shape(1), low=-30, high=30),
        draw.integers(draw.shape(3), low=-90_000, high=90_000, dtype="int64"),
        draw.normal(draw.shape(4), scale=50, dtype="float64"),
        draw.normal(scale=3),
    )
    for values in inputs:
        assert_close(student.square_all(values), reference.square_all(values))


@pytest.mark.points(1, hint="What does an operator do with a list, or with a NumPy array?")
def test_square_all_sources(student, reference, draw):
    """Lists, NumPy arrays and Variables are squared too."""
    inputs = (
        draw.normal(4, 2).tolist(),
        draw.integers(5, low=-9).tolist(),
        as_ndarray(draw.normal(3, 3, scale=4)),
        as_ndarray(draw.normal(6, dtype="float64")),
        as_variable(draw.normal(3, 3)),
    )
    for values in inputs:
        assert_close(student.square_all(values), reference.square_all(values))
    for values in inputs[2], inputs[4]:
        assert_arguments_kept(student.square_all.arguments_after(values), reference.square_all.arguments_after(values))


@pytest.mark.points(2, hint="Only axis 0 is special. Which sizes and dtypes might other batches have?")
def test_flatten_rows_other_batches(student, reference, draw):
    """Videos, plain rows, a batch of one, pixels and float64 are flattened too."""
    inputs = (
        draw.normal(draw.shape(5, high=7)),
        draw.normal(draw.shape(2), dtype="float64"),
        draw.normal(1, *draw.shape(2)),
        draw.integers(draw.shape(4), high=256, dtype="uint8"),
    )
    for batch in inputs:
        assert_equal(student.flatten_rows(batch), reference.flatten_rows(batch))


@pytest.mark.points(2, hint="Which dtype does a division of int32 by int32 have?")
def test_scale_pixels_dtypes(student, reference, draw):
    """int32 and int64 pixels of other shapes become float32 values from 0 to 1."""
    inputs = (
        draw.integers(draw.shape(4), high=256),
        draw.integers(draw.shape(1, low=3), low=1, high=240, dtype="int64"),
        draw.integers(low=100, high=200),
        draw.integers(40, high=2),  # hardly brighter than black, and not scaled already
    )
    for pixels in inputs:
        assert_close(student.scale_pixels(pixels), reference.scale_pixels(pixels))


@pytest.mark.points(2, hint="Try as many rows as features, a single row, a single feature, and float64.")
def test_row_scores_other_sizes(student, reference, draw):
    """Square tables, single rows, single features and float64 are scored too."""
    size = draw.size(3, 6)
    for rows, cols, dtype in (
        (size, size, "float32"),
        (1, size, "float64"),
        (size, 1, "float64"),
        (9, 200, "float64"),
    ):
        inputs = (
            draw.normal(rows, cols, dtype=dtype),
            draw.normal(cols, dtype=dtype),
            draw.normal(mean=2.0, dtype=dtype),
        )
        assert_close(student.row_scores(*inputs), reference.row_scores(*inputs), atol=1e-5)


@pytest.mark.points(2, hint="Try as many points as centres, one point, one coordinate, and float64.")
def test_squared_distances_other_sizes(student, reference, draw):
    """As many points as centres, single points, one coordinate and float64 work too."""
    size = draw.size(3, 6)
    shapes = (
        (size, size, size, "float32"),
        (1, size, 2, "float64"),
        (size, 1, 4, "float32"),
        (size, 7, 1, "float64"),
    )
    for points, centres, coordinates, dtype in shapes:
        inputs = draw.normal(points, coordinates, dtype=dtype), draw.normal(centres, coordinates, dtype=dtype)
        assert_close(student.squared_distances(*inputs), reference.squared_distances(*inputs), atol=1e-4)


# ---- predictions ---------------------------------------------------------------------------------------


@pytest.mark.points(2, hint="What makes a new signature, what starts without graphs, what gets frozen?")
def test_eager_or_graph_rest(student, reference):
    """The predictions for dtypes, Python numbers, new wrappers and changed factors are right."""
    cases = "new_dtype", "python_numbers", "wrapped_again", "python_factor", "variable_factor"
    assert_predictions(student.eager_or_graph.answers(*cases), reference.eager_or_graph.answers(*cases))


@pytest.mark.points(
    2, hint="Go through the list of causes from the top. Zero is a value, and a name can be given anew."
)
def test_gradient_causes_rest(student, reference):
    """The predictions for the cases e to i are right."""
    assert_predictions(
        student.gradient_causes.answers(*"efghi"), reference.gradient_causes.answers(*"efghi"), words=CAUSES
    )


# ---- gradients -----------------------------------------------------------------------------------------


@pytest.mark.points(
    2, hint="x may be a Variable, a single number or float64, and a polynomial may be as short as c0 + c1 x."
)
def test_polynomial_slopes_other_inputs(student, reference, draw):
    """Variables, other ranks, float64 and other degrees work too."""
    inputs = (
        (as_variable(draw.normal(draw.shape(2))), 3),
        (draw.normal(draw.shape(3), dtype="float64"), 5),
        (draw.normal(scale=2), 2),
        (draw.normal(draw.shape(1)), 1),
    )
    for x, degree in inputs:
        coefficients = draw.normal(degree + 1, mean=-1.0).tolist()
        actual, desired = (
            student.polynomial_slopes(x, coefficients),
            reference.polynomial_slopes(x, coefficients),
        )
        assert_not_none(actual)
        assert_close(actual, desired, rtol=1e-3, atol=1e-4)
    asked = inputs[0][0], draw.normal(3).tolist()
    assert_arguments_kept(*(side.polynomial_slopes.arguments_after(*asked) for side in (student, reference)))


@pytest.mark.points(2, hint="Try a single feature, a single row, and float64. Who changes the Variables?")
def test_loss_gradients_other_sizes(student, reference, draw):
    """Single rows, single features and float64 work too, and the Variables keep their values."""
    for rows, features, dtype in ((1, 3, "float32"), (draw.size(4, 8), 1, "float32"), (20, 4, "float64")):
        w, b = (
            as_variable(draw.normal(features, dtype=dtype)),
            as_variable(draw.normal(mean=-3.0, dtype=dtype)),
        )
        x, y = draw.normal(rows, features, dtype=dtype), draw.normal(rows, scale=5, dtype=dtype)
        actual, desired = student.loss_gradients(w, b, x, y), reference.loss_gradients(w, b, x, y)
        assert_not_none(actual)
        assert_close(actual, desired, rtol=1e-3, atol=1e-4)
    assert_arguments_kept(*(side.loss_gradients.arguments_after(w, b, x, y) for side in (student, reference)))


@pytest.mark.points(2, hint="Try a single number, a table, negative values, and float64.")
def test_second_derivative_other_inputs(student, reference, draw):
    """Other curves, ranks and float64 work too."""
    inputs = (
        ("growth", draw.uniform(draw.shape(2), low=-1.5, high=1.5)),
        ("power", draw.normal(draw.shape(3), dtype="float64")),
        ("wave", draw.normal(dtype="float64")),
    )
    for curve, x in inputs:
        numbers = draw.uniform(2, low=0.5, high=2.0, dtype=x.dtype.name)
        actual = student.probe("second_derivative", curve, numbers, x)
        desired = reference.probe("second_derivative", curve, numbers, x)
        assert_not_none(actual)
        # In float64 two tapes agree to 1e-12, and finite differences do not come near.
        rtol = 1e-3 if x.dtype == np.float32 else 1e-8
        assert_close(actual, desired, rtol=rtol, atol=rtol / 10)


@pytest.mark.points(1, hint="Each row of the Jacobian is the gradient of one output. And the gradient of a sum?")
def test_gradient_and_jacobian_agree(student, draw):
    """The two results belong together: the rows of the Jacobian add up to the gradient."""
    draw = draw.shared("layer")  # as in the visible checks, which have asked this already: a Jacobian costs a graph
    outputs, inputs = draw.size(5, 7), draw.size(2, 4)
    weights, x = draw.normal(outputs, inputs, scale=0.5), draw.normal(inputs, scale=0.5)
    results = student.once.gradient_and_jacobian(weights, x)
    tensors = isinstance(results, (tuple, list)) and [isinstance(result, Tensor) for result in results] == [True, True]
    assert_true(tensors, "Two tensors are asked: the gradient and the Jacobian.")
    gradient, jacobian = (result.array for result in results)
    assert_true(jacobian.shape == (outputs, inputs), "The Jacobian has another shape.")
    belong = gradient.shape == (inputs,) and np.allclose(gradient, jacobian.sum(axis=0), atol=1e-4)
    assert_true(belong, "The rows of this Jacobian do not add up to this gradient.")


@pytest.mark.points(2, hint="Whole numbers have no gradient. And over which axes is the mean?")
def test_energy_gradient_other_signals(student, reference, draw):
    """Whole numbers, float64 and tables work too."""
    inputs = (
        draw.integers(draw.size(5, 9), low=1, high=20),
        draw.integers(draw.shape(2), low=1, high=9),
        draw.uniform(draw.shape(1), low=0.5, high=3.0, dtype="float64"),
        draw.uniform(draw.shape(2), low=10.0, high=200.0),
    )
    for x in inputs:
        actual, desired = student.energy_gradient(x), reference.energy_gradient(x)
        assert_not_none(actual)
        assert_close(actual, desired, rtol=1e-3, atol=1e-4)


@pytest.mark.points(
    2, hint="Try a start of rank 0 and of rank 2, float64, one step, no step at all, and a large learning rate."
)
def test_descend_other_starts(student, reference, draw):
    """Starts of other shapes and dtypes, paths of one step and of none, and steps that lead uphill work too."""
    for shape, dtype, rate, steps in (
        ((), "float32", 1.6, 4),  # so far that each step lands higher up on the other side
        (draw.shape(2), "float64", 0.15, 3),
        ((3,), "float32", 0.15, 1),
        ((2,), "float32", 0.15, 0),
    ):
        valley = "bowl" if rate > 1 else draw.choice(["trough", "bowl"])
        bottom, steepness = (
            draw.normal(shape, dtype=dtype),
            draw.uniform(shape, low=0.8, high=2.0, dtype=dtype),
        )
        start = np.asarray(bottom - draw.uniform(shape, low=1.0, high=3.0, dtype=dtype))
        inputs = (bottom, steepness, start, rate, steps)
        actual = student.probe("descend", valley, *inputs)["path"]
        desired = reference.probe("descend", valley, *inputs)["path"]
        assert_close(actual, desired, rtol=1e-4, atol=1e-4)


@pytest.mark.points(1, hint="Who else holds the Variable that you were given?")
def test_descend_variable(student, reference, draw):
    """A Variable as start gives the same path, and keeps its value."""
    bottom, steepness = draw.normal(3), draw.uniform(3, low=0.5, high=2.0)
    inputs = (bottom, steepness, as_variable(bottom + draw.uniform(3, low=1.0, high=3.0)), 0.1, 6)
    actual = student.probe("descend", "bowl", *inputs)
    desired = reference.probe("descend", "bowl", *inputs)
    assert_close(actual["path"], desired["path"], rtol=1e-4, atol=1e-4)
    assert_close(actual["start"], desired["start"])
