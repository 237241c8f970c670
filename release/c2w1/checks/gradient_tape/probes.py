"""Probes of this lab: they run beside the notebook and hold no answers. Each has the name of its exercise.

Most exercises take Python functions as arguments. A function cannot be sent, so it is built here from numbers that
a check has drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any
from unittest import mock

import numpy as np
import tensorflow as tf

Names = Mapping[str, Any]


def slopes(notebook: Names, curve: str, a_and_b: tf.Tensor, x: tf.Tensor | tf.Variable) -> Any:
    """Call ``slopes`` with a curve; see :func:`_curve`."""
    return notebook["slopes"](_curve(curve, a_and_b), x)


def chain(notebook: Names, outer: str, inner: str, a_and_b: tf.Tensor, x: tf.Tensor) -> Any:
    """Call ``chain`` with an outer and an inner curve; see :func:`_curve`."""
    return notebook["chain"](_curve(outer, a_and_b), _curve(inner, a_and_b), x)


def mixed_derivative(notebook: Names, surface: str, a_and_b: tf.Tensor, x: tf.Tensor, y: tf.Tensor) -> Any:
    """Call ``mixed_derivative`` with the surface of a formula with two numbers a and b."""
    a, b = a_and_b[0], a_and_b[1]
    surfaces: dict[str, Callable[[tf.Tensor, tf.Tensor], tf.Tensor]] = {
        "a * x**2 * y**3 + b * x**2 + y**2": lambda x, y: a * x**2 * y**3 + b * x**2 + y**2,
        "sin(a * x + b * y**2) + x * y": lambda x, y: tf.sin(a * x + b * y * y) + x * y,
        "a * x**2 + b * y**2": lambda x, y: a * x**2 + b * y**2,
    }
    return notebook["mixed_derivative"](surfaces[surface], x, y)


def hand_gradient(notebook: Names, w: tf.Tensor, x: tf.Tensor, y: tf.Tensor) -> Any:
    """Call ``hand_gradient`` where nothing of TensorFlow's that differentiates can be used, under whatever name."""
    function = notebook["hand_gradient"]
    with ExitStack() as stack:
        for owner, name in (
            (tf.GradientTape, "__init__"),
            (tf.autodiff.ForwardAccumulator, "__init__"),
            (tf, "gradients"),
        ):
            stack.enter_context(mock.patch.object(owner, name, _no_tape))
        return function(w, x, y)


def central_difference(notebook: Names, curve: str, a_and_b: tf.Tensor, x: tf.Tensor, h: float) -> Any:
    """Call ``central_difference`` with a curve; see :func:`_curve`."""
    return notebook["central_difference"](_curve(curve, a_and_b), x, h)


def worst_error(notebook: Names, loss: str, c: tf.Tensor, added_to_the_claim: tf.Tensor, weights: tf.Tensor) -> Any:
    """Call ``worst_error`` with a loss and its gradient, to which errors are added.

    Args:
        notebook: The notebook's names.
        loss: Its formula, which says whether it is computed in NumPy, where no tape can follow.
        c: A number for each weight.
        added_to_the_claim: What the claimed gradient is wrong by.
        weights: Where to check.
    """

    def waves(w: Any) -> tf.Tensor:
        return tf.reduce_sum(tf.sin(c * w) + w**3 / 3)

    def in_numpy(w: Any) -> tf.Tensor:
        values = np.asarray(w)
        return tf.constant(np.sum(np.sin(c.numpy() * values) + values**3 / 3))

    def claimed(w: Any) -> tf.Tensor:
        return c * tf.cos(c * w) + w**2 + added_to_the_claim

    losses = {"sum(sin(c * w) + w**3 / 3)": waves, "sum(sin(c * w) + w**3 / 3), in NumPy": in_numpy}
    return notebook["worst_error"](losses[loss], claimed, weights)


def descent_step(notebook: Names, a: tf.Variable, b: tf.Variable, learning_rate: float) -> dict[str, Any]:
    """Call ``descent_step`` with a loss in which two Variables work together.

    Returns:
        The loss that it returns, and what the Variables hold afterwards.
    """
    before = notebook["descent_step"]([a, b], lambda: tf.reduce_sum((a * b - 1.0) ** 2) + a**2, learning_rate)
    return {"loss": before, "a": tf.identity(a), "b": tf.identity(b)}


def careful_step(notebook: Names, loss: str, c: tf.Tensor, start: tf.Tensor, learning_rate: float) -> Any:
    """Call ``careful_step`` with the loss of a formula; that with ``log`` is defined for positive positions only."""
    losses: dict[str, Callable[[tf.Tensor], tf.Tensor]] = {
        "sum(c * w**2)": lambda w: tf.reduce_sum(c * w**2),
        "sum(w - c * log(w))": lambda w: tf.reduce_sum(w - c * tf.math.log(w)),
    }
    return notebook["careful_step"](losses[loss], start, learning_rate)


def _curve(formula: str, a_and_b: tf.Tensor) -> Callable[[tf.Tensor], tf.Tensor]:
    """The curve of a formula with two numbers a and b."""
    a, b = a_and_b[0], a_and_b[1]
    curves: dict[str, Callable[[tf.Tensor], tf.Tensor]] = {
        "a * sin(b * x)": lambda x: a * tf.sin(b * x),
        "a * x**3 + b * x": lambda x: a * x**3 + b * x,
        "a * exp(-b * x**2)": lambda x: a * tf.exp(-b * x * x),
    }
    return curves[formula]


def _no_tape(*args: Any, **kwargs: Any) -> Any:
    raise RuntimeError("the rule of this exercise: no tape")
