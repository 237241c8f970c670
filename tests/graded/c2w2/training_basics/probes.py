"""Probes of this lab: they run beside the notebook and hold no answers. Each has the name of its exercise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf


class Slope:
    """A line as the exercises describe it, for exercises that are given one."""

    def __init__(self, w: float, b: float) -> None:
        self.w = tf.Variable(w)
        self.b = tf.Variable(b)

    def __call__(self, x: tf.Tensor) -> tf.Tensor:
        """The line at x."""
        return tf.math.polyval([self.w, self.b], x)


def line(notebook: Mapping[str, Any], w: float, b: float, x: tf.Tensor, change: float) -> dict[str, Any]:
    """What ``Line(w, b)`` is and does.

    Args:
        notebook: The notebook's names.
        w: Passed on.
        b: Passed on.
        x: What it is called with.
        change: What ``w`` is changed by before a second call.

    Returns:
        ``kinds`` of its attributes; the values ``first`` and ``second``, from before and after the change; ``others``:
        what a second line gives that was there all the time; ``gradients`` with respect to ``w`` and ``b``.
    """
    made, other = notebook["Line"](w, b), notebook["Line"](b, w)
    weights = [getattr(made, name, None) for name in ("w", "b")]
    kinds = [isinstance(weight, tf.Variable) and (weight.dtype.name, weight.shape.as_list()) for weight in weights]
    first = made(x)
    if not all(kinds):
        return {"kinds": kinds, "first": first}
    with tf.GradientTape() as tape:
        again = made(x)
    gradients = tape.gradient(again, weights)
    weights[0].assign_add(tf.cast(change, weights[0].dtype))
    return {"kinds": kinds, "first": first, "second": made(x), "others": other(x), "gradients": gradients}


def train_step(
    notebook: Mapping[str, Any], start: list[float], x: tf.Tensor, y: tf.Tensor, learning_rate: float, steps: int
) -> dict[str, Any]:
    """The losses of some steps, and the weights after each; ``same``: whether the line has its own Variables still."""
    given = Slope(*start)
    before = given.w, given.b
    losses, weights = [], []
    for _ in range(steps):
        losses.append(notebook["train_step"](given, x, y, learning_rate))
        weights.append([_number(given.w), _number(given.b)])
    return {"losses": losses, "weights": weights, "same": given.w is before[0] and given.b is before[1]}


def fit_line(
    notebook: Mapping[str, Any], start: list[float], x: tf.Tensor, y: tf.Tensor, learning_rate: float, epochs: int
) -> dict[str, Any]:
    """What is ``returned``, with numbers as floats, and the ``weights`` at the end."""
    given = Slope(*start)
    returned = notebook["fit_line"](given, x, y, learning_rate, epochs)
    if isinstance(returned, Mapping):
        returned = {
            str(name): [_number(value) for value in values] if isinstance(values, (list, tuple)) else values
            for name, values in returned.items()
        }
    return {"returned": returned, "weights": [_number(given.w), _number(given.b)]}


def _number(value: Any) -> Any:
    """A single number as a float; else the name of its type."""
    try:
        return type(value).__name__ if isinstance(value, (bool, str)) else float(value)
    except (TypeError, ValueError):
        return type(value).__name__
