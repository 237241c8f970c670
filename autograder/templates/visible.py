"""The checks that students have beside their notebook."""

from __future__ import annotations

import pytest

from autograder.expect import assert_close, assert_connected


@pytest.mark.points(2, hint="Print the shapes: which axis has to go, so that one mean per column is left?")
def test_center_columns_values(student, reference, draw):
    """Every column has its own mean subtracted."""
    table = draw.normal(draw.shape(2), mean=5.0, scale=3.0)
    assert_close(student.center_columns(table), reference.center_columns(table))


@pytest.mark.points(3, hint="What does the tape watch, and what is computed inside of its block?")
def test_loss_gradient_values(student, reference, draw):
    """The gradient of the mean squared error is right."""
    rows, features = draw.size(5, 9), draw.size(2, 4)
    w, x, y = draw.normal(features), draw.normal(rows, features), draw.normal(rows)
    gradient = student.loss_gradient(w, x, y)
    assert_connected(gradient)
    assert_close(gradient, reference.loss_gradient(w, x, y))
