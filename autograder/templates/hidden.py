"""The checks that come after handing in: other shapes, other dtypes, and the cases that trip."""

from __future__ import annotations

import pytest

from autograder.expect import assert_close, assert_connected


@pytest.mark.points(2, needs="test_center_columns_values", hint="Try a square table, a single row, and float64.")
def test_center_columns_other_tables(student, reference, draw):
    """Square tables, single columns and float64 work too."""
    size = draw.size(3, 6)
    for shape, dtype in (((size, size), "float32"), ((size, 1), "float32"), (draw.shape(2), "float64")):
        table = draw.normal(shape, scale=10.0, dtype=dtype)
        assert_close(student.center_columns(table), reference.center_columns(table))


@pytest.mark.points(3, needs="test_loss_gradient_values", hint="Try a single feature, and float64.")
def test_loss_gradient_other_sizes(student, reference, draw):
    """Single features and float64 work too."""
    for features, dtype in ((1, "float32"), (4, "float64")):
        w, x = draw.normal(features, dtype=dtype), draw.normal(7, features, dtype=dtype)
        y = draw.normal(7, mean=3.0, dtype=dtype)
        gradient = student.loss_gradient(w, x, y)
        assert_connected(gradient)
        assert_close(gradient, reference.loss_gradient(w, x, y))
