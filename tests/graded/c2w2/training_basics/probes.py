"""Probes of this lab: they run beside the notebook and hold no answers. Each has the name of its exercise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
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
        ``kinds`` of its attributes, and nothing else where they are no float32 Variables of shape (); the values
        ``first`` and ``second``, from before and after the change; ``others``: what a second line gives that was there
        all the time; ``gradients`` with respect to ``w`` and ``b``.
    """
    made, other = notebook["Line"](w, b), notebook["Line"](b, w)
    weights = [getattr(made, name, None) for name in ("w", "b")]
    kinds = [isinstance(weight, tf.Variable) and (weight.dtype.name, weight.shape.as_list()) for weight in weights]
    if not all(kind == ("float32", []) for kind in kinds):
        return {"kinds": kinds}
    first = made(x)
    with tf.GradientTape() as tape:
        again = made(x)
    gradients = tape.gradient(again, weights) if tf.is_tensor(again) else [None, None]
    weights[0].assign_add(change)
    return {"kinds": kinds, "first": first, "second": made(x), "others": other(x), "gradients": gradients}


def train_step(
    notebook: Mapping[str, Any], start: list[float], x: tf.Tensor, y: tf.Tensor, learning_rate: float, steps: int
) -> dict[str, Any]:
    """The losses of some steps (a number is as good as a tensor), and the weights after each.

    ``same`` says whether the line still has its own Variables.
    """
    given = Slope(*start)
    before = given.w, given.b
    losses, weights = [], []
    for _ in range(steps):
        loss = notebook["train_step"](given, x, y, learning_rate)
        losses.append(tf.constant(loss, tf.float32) if isinstance(loss, (float, np.floating)) else loss)
        weights.append({"w": _number(given.w), "b": _number(given.b)})
    return {"losses": losses, "weights": weights, "same": given.w is before[0] and given.b is before[1]}


def fit_line(
    notebook: Mapping[str, Any], start: list[float], x: tf.Tensor, y: tf.Tensor, learning_rate: float, epochs: int
) -> dict[str, Any]:
    """What is ``returned`` by the second of two calls, with numbers as floats, and the ``weights`` at the end of it."""
    notebook["fit_line"](Slope(*reversed(start)), x, y, learning_rate, 1)
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
