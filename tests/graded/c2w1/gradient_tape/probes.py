"""Probes of this lab: they run beside the notebook and hold no answers. Each has the name of its exercise.

Most exercises take Python functions as arguments. A function cannot be sent, so it is built here from numbers that
a check has drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

Names = Mapping[str, Any]


def slopes(notebook: Names, curve: str, numbers: tf.Tensor, x: tf.Tensor | tf.Variable) -> Any:
    """Call ``slopes`` with a curve; see :func:`_curve`."""
    return _find(notebook, "slopes")(_curve(curve, numbers), x)


def after_the_record(notebook: Names) -> dict[str, Any]:
    """The prediction for each case that is answered: a number, or a word in lower case."""
    return {case: _plain(answer) for case, answer in dict(_find(notebook, "after_the_record")).items()}


def chain(notebook: Names, curves: list[str], numbers: tf.Tensor, x: tf.Tensor) -> Any:
    """Call ``chain`` with an outer and an inner curve; see :func:`_curve`."""
    outer, inner = (_curve(curve, numbers) for curve in curves)
    return _find(notebook, "chain")(outer, inner, x)


def mixed_derivative(notebook: Names, surface: str, numbers: tf.Tensor, x: tf.Tensor, y: tf.Tensor) -> Any:
    """Call ``mixed_derivative`` with a surface of two numbers: ``"product"``, ``"wave"`` or ``"sum"``."""
    a, b = numbers[0], numbers[1]
    surfaces: dict[str, Callable[[tf.Tensor, tf.Tensor], tf.Tensor]] = {
        "product": lambda x, y: a * x**2 * y**3 + b * x**2 + y**2,
        "wave": lambda x, y: tf.sin(a * x + b * y * y) + x * y,
        "sum": lambda x, y: a * x**2 + b * y**2,
    }
    return _find(notebook, "mixed_derivative")(surfaces[surface], x, y)


def hand_gradient(notebook: Names, w: tf.Tensor, x: tf.Tensor, y: tf.Tensor) -> Any:
    """Call ``hand_gradient`` where no tape can be made."""
    function, tape = _find(notebook, "hand_gradient"), tf.GradientTape
    tf.GradientTape = _no_tape
    try:
        return function(w, x, y)
    finally:
        tf.GradientTape = tape


def central_difference(notebook: Names, curve: str, numbers: tf.Tensor, x: tf.Tensor, h: float) -> Any:
    """Call ``central_difference`` with a curve; see :func:`_curve`."""
    return _find(notebook, "central_difference")(_curve(curve, numbers), x, h)


def worst_error(notebook: Names, loss: str, numbers: tf.Tensor, errors: tf.Tensor, weights: tf.Tensor) -> Any:
    """Call ``worst_error`` with a loss and its gradient, to which errors are added.

    Args:
        notebook: The notebook's names.
        loss: ``"waves"``, or ``"numpy"``, which no tape can follow.
        numbers: A number for each weight.
        errors: What the claimed gradient is wrong by.
        weights: Where to check.
    """

    def waves(w: Any) -> tf.Tensor:
        return tf.reduce_sum(tf.sin(numbers * w) + w**3 / 3)

    def in_numpy(w: Any) -> tf.Tensor:
        values = np.asarray(w)
        return tf.constant(np.sum(np.sin(numbers.numpy() * values) + values**3 / 3))

    def claimed(w: Any) -> tf.Tensor:
        return numbers * tf.cos(numbers * w) + w**2 + errors

    return _find(notebook, "worst_error")({"waves": waves, "numpy": in_numpy}[loss], claimed, weights)


def descent_step(notebook: Names, a: tf.Variable, b: tf.Variable, learning_rate: float) -> dict[str, Any]:
    """Call ``descent_step`` with a loss in which two Variables work together.

    Returns:
        The loss that it returns, and what the Variables hold afterwards.
    """
    before = _find(notebook, "descent_step")([a, b], lambda: tf.reduce_sum((a * b - 1.0) ** 2) + a**2, learning_rate)
    return {"loss": before, "a": tf.identity(a), "b": tf.identity(b)}


def careful_step(notebook: Names, loss: str, steepness: tf.Tensor, start: tf.Tensor, learning_rate: float) -> Any:
    """Call ``careful_step`` with a loss: ``"bowl"``, or ``"log"``, which is defined for positive positions only."""
    losses: dict[str, Callable[[tf.Tensor], tf.Tensor]] = {
        "bowl": lambda position: tf.reduce_sum(steepness * position**2),
        "log": lambda position: tf.reduce_sum(position - steepness * tf.math.log(position)),
    }
    return _find(notebook, "careful_step")(losses[loss], start, learning_rate)


def _curve(name: str, numbers: tf.Tensor) -> Callable[[tf.Tensor], tf.Tensor]:
    """A curve of two numbers a and b: ``"wave"``, ``"cubic"`` or ``"bell"``."""
    a, b = numbers[0], numbers[1]
    curves: dict[str, Callable[[tf.Tensor], tf.Tensor]] = {
        "wave": lambda x: a * tf.sin(b * x),
        "cubic": lambda x: a * x**3 + b * x,
        "bell": lambda x: a * tf.exp(-b * x * x),
    }
    return curves[name]


def _no_tape(*args: Any, **kwargs: Any) -> Any:
    raise RuntimeError("the rule of this exercise: no tape")


def _plain(answer: Any) -> Any:
    """A number as a float, a word in lower case, else the name of the type."""
    if isinstance(answer, str):
        return answer.strip().lower()
    try:
        return type(answer).__name__ if isinstance(answer, bool) else float(answer)
    except (TypeError, ValueError):
        return type(answer).__name__


def _find(notebook: Names, name: str) -> Any:
    if name not in notebook:
        raise NameError(f"name {name!r} is not defined")
    return notebook[name]
