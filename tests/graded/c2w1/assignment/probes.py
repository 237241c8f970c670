"""Probes of this assignment: they run beside the notebook and hold no answers.

Each has the name of the exercise that it asks about. Two exercises take a Python function as an argument;
a function cannot be sent, so it is built here from numbers that a check has drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf


def second_derivative(notebook: Mapping[str, Any], curve: str, numbers: tf.Tensor, x: tf.Tensor) -> Any:
    """Call ``second_derivative`` with a curve built from two numbers.

    Args:
        notebook: The notebook's names.
        curve: ``"wave"``, ``"bell"``, ``"growth"`` or ``"power"``.
        numbers: Two numbers a and b of the curve, shape (2,), in the dtype of ``x``.
        x: Where to evaluate.
    """
    a, b = numbers[0], numbers[1]
    curves: dict[str, Callable[[tf.Tensor], tf.Tensor]] = {
        "wave": lambda t: a * tf.sin(b * t),
        "bell": lambda t: a * tf.exp(-b * t * t),
        "growth": lambda t: tf.exp(a * t) / b,
        "power": lambda t: a * t**4 - b * t**3,
    }
    return notebook["second_derivative"](curves[curve], x)


def descend(
    notebook: Mapping[str, Any],
    valley: str,
    bottom: tf.Tensor,
    steepness: tf.Tensor,
    start: tf.Tensor | tf.Variable,
    learning_rate: float,
    steps: int,
) -> dict[str, Any]:
    """Call ``descend`` with a loss built from some numbers.

    Args:
        notebook: The notebook's names.
        valley: ``"bowl"`` (a quadratic) or ``"trough"`` (its slope is bounded).
        bottom: Where the loss is smallest, of the shape of ``start``.
        steepness: Factor of each coordinate, of the shape of ``start``.
        start: First position.
        learning_rate: Factor of the gradient in each step.
        steps: How many steps to take.

    Returns:
        The ``"path"``, and the value of ``"start"`` after the call.
    """
    losses: dict[str, Callable[[tf.Tensor], tf.Tensor]] = {
        "bowl": lambda position: tf.reduce_sum(steepness * tf.square(position - bottom)),
        "trough": lambda position: tf.reduce_sum(tf.sqrt(1 + steepness * tf.square(position - bottom))),
    }
    path = notebook["descend"](losses[valley], start, learning_rate, steps)
    return {"path": path, "start": tf.identity(start)}
