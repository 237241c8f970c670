"""Assertions on derivatives: connected, equal to the reference's, and the slope of the function itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..wire import Tensor
from .failures import CheckFailed, fail
from .signatures import recognise
from .tensors import assert_close
from .words import describe, number_text

# Central differences of doubles agree with tapes to 3e-6 of the largest slope with the steps that are used; those of
# floats to some hundredths. By dtype: (part of the largest slope, part of the function's value over the step).
_AGREE = {"float64": (3e-6, 1e-14), "float32": (1e-2, 1e-6)}

# Why a gradient is None, by the words of autograder.probes.causes.
_CAUSES = {
    "integer": "The source has a whole-number dtype, and only floats have gradients: cast it before it is watched.",
    "not_watched": "The tape does not watch the source: a plain tensor needs tape.watch; only Variables are watched "
    "without it.",
    "watched_late": "The tape watches the source only after it was used: watch comes first in the with block.",
    "outside": "A step between source and result is computed outside of the tape's with block: it is not recorded.",
    "inner_outside": "The inner gradient is computed outside of the outer tape's with block, which has to see how the "
    "slope comes about.",
    "other_source": "The tape is asked about another tensor than the one that was computed with: a copy or a new "
    "version of it has the same name, perhaps.",
    "variable": "A value is copied into a Variable on the way; assigning is not recorded, so the tape sees no path.",
    "numpy": "The computation leaves TensorFlow on the way: numpy, .numpy(), float(), or a new tf.constant of a value.",
    "independent": "The result does not depend on the source.",
    "no_tensor": "The result is no tensor of TensorFlow, so no tape has seen how it was computed.",
}
_STOPS = {
    "ArgMax": "tf.argmax",
    "ArgMin": "tf.argmin",
    "Cast": "a cast to whole numbers",
    "Ceil": "tf.math.ceil",
    "Floor": "tf.floor",
    "FloorDiv": "whole-number division",
    "OneHot": "tf.one_hot",
    "Rint": "tf.round",
    "Round": "tf.round",
    "Shape": "the shape",
    "Size": "the size",
    "StopGradient": "tf.stop_gradient",
    **dict.fromkeys(("Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual"), "a comparison"),
    **dict.fromkeys(("LogicalAnd", "LogicalOr", "LogicalNot"), "a condition"),
}
_USUAL = (
    "The usual causes: a computation outside of TensorFlow (numpy, float()), an argument that was copied "
    "into a new constant, an integer dtype, or a result that does not depend on the argument."
)


def cause(word: Any) -> str:
    """A sentence for what the probe ``why_none`` gave; ``""`` for what it does not know."""
    if not isinstance(word, str):
        return ""
    if word.startswith("stops:"):
        op = _STOPS.get(word.removeprefix("stops:"))
        return f"No gradient goes through {op}: its result moves in steps, or not at all." if op else ""
    return _CAUSES.get(word, "")


def assert_connected(gradient: Any, *, diagnosis: str | Callable[[], str] = "") -> None:
    """A gradient, or every one of several, is not None, and there is one.

    Args:
        gradient: What ``student.f.gradient(…)`` gave, or a function of the student's that returns gradients.
        diagnosis: Added to the message on failure; ``student.f.why_none(…)`` finds the cause, and asks only then.

    Raises:
        CheckFailed: Some gradient is None, in which case the message names the usual causes or the one that was
            found, or there is none at all.

    Right::

        def slope(x):
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = tf.reduce_sum(tf.sin(x))
            return tape.gradient(y, x)

    Wrong::

        def slope(x):
            y = tf.reduce_sum(tf.sin(x))
            with tf.GradientTape() as tape:
                tape.watch(x)
            return tape.gradient(y, x)

    Check::

        def test_slope_connected(student, reference, draw):
            x = draw.normal(4)
            assert_connected(student.slope(x), diagnosis=student.slope.why_none(x))

    Message::

        The gradient is None: the tape saw no path from the argument to the result.
        A step between source and result is computed outside of the tape's with block: …
    """
    __tracebackhide__ = True
    parts = gradient if isinstance(gradient, (list, tuple)) else [gradient]
    if not parts:
        fail("There is no gradient: the result is empty.", diagnosis=diagnosis if isinstance(diagnosis, str) else "")
    if any(part is None for part in parts):
        found = diagnosis if isinstance(diagnosis, str) else diagnosis()
        fail("The gradient is None: the tape saw no path from the argument to the result.", diagnosis=found or _USUAL)


def assert_slopes(actual: Any, desired: Any = None, *, rtol: float | None = None, diagnosis: str = "") -> None:
    """A function's gradient is the reference's, and it is the slope of the function's own values.

    The values are compared first, then every gradient has to be connected, then it is compared with the
    reference's, and at last with central differences along random directions. Directions on which two steps
    disagree have a kink nearby and are left out. This is the test to use for functions with gradients of their own
    (``tf.custom_gradient``).

    Args:
        actual: What ``student.f.slopes(x, draw=draw)`` gave.
        desired: What ``reference.f.slopes(x, draw=draw)`` gave; None to compare the function with itself alone.
        rtol: Relative tolerance for values and gradients against the reference's, as for :func:`assert_close`.
        diagnosis: Added to the message on failure.

    Raises:
        CheckFailed: With which of these does not hold.
        ValueError: There is a kink on every direction, of the reference too.

    Source: central differences and their error as in Nocedal and Wright, Numerical Optimization, chapter 8.

    Right::

        def softsign(x):
            return x / (1 + tf.abs(x))

    Wrong::

        @tf.custom_gradient
        def softsign(x):
            def gradient(upstream):
                return 1 / (1 + tf.abs(x)) ** 2
            return x / (1 + tf.abs(x)), gradient

    Check::

        def test_softsign_slopes(student, reference, draw):
            x = draw.normal(5, dtype="float64")
            assert_slopes(student.softsign.slopes(x, draw=draw), reference.softsign.slopes(x, draw=draw))

    Message::

        The gradient is not the expected one. …
    """
    __tracebackhide__ = True
    mine = _reply(actual)
    theirs = _reply(desired) if desired is not None else mine
    if desired is not None:
        assert_close(actual["value"], desired["value"], rtol=rtol, diagnosis=diagnosis)
        _same_values_nearby(mine, theirs, rtol, diagnosis)
    _connected(actual, diagnosis)
    above = "" if diagnosis or not _ignores_above(actual, desired) else _IGNORED
    if desired is not None:
        _gradients_close(actual, desired, rtol, diagnosis or above)
    _fits_differences(mine, theirs, diagnosis or above)


_IGNORED = (
    "The gradient does not change with what comes from above: a custom gradient has to multiply its argument "
    "(upstream) with the function's own derivative."
)


def assert_jacobian(actual: Any, desired: Any, *, diagnosis: str = "") -> None:
    """A Jacobian is the expected one, with a message for its common mistakes.

    Args:
        actual: The student's, of shape (shape of the outputs, then shape of the inputs).
        desired: The reference's, such as ``reference.f.jacobian(x)``.
        diagnosis: Added to the message on failure.

    Raises:
        CheckFailed: It is another; None, a gradient (the sum over the outputs) and a transposed one are recognised.

    Right::

        def slopes(w, x):
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = tf.tanh(tf.linalg.matvec(w, x))
            return tape.jacobian(y, x)

    Wrong::

        def slopes(w, x):
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = tf.tanh(tf.linalg.matvec(w, x))
            return tape.gradient(y, x)

    Check::

        def test_slopes_jacobian(student, reference, draw):
            w, x = draw.normal(4, 3), draw.normal(3)
            assert_jacobian(student.slopes(w, x), reference.slopes(w, x))

    Message::

        The shape is not the expected one.
        expected: (4, 3)
             got: (3,)
        This is a gradient: the sum of the Jacobian's rows. …
    """
    __tracebackhide__ = True
    assert_connected(actual, diagnosis=diagnosis)
    told = diagnosis
    if not told and isinstance(actual, Tensor) and isinstance(desired, Tensor):
        outputs = len(desired.shape) - len(actual.shape)
        if outputs > 0 and desired.shape[outputs:] == actual.shape:
            total = desired.array.sum(tuple(range(outputs)))
            sentence = "This is a gradient: the sum of the Jacobian's rows. A Jacobian has one row for each output."
            told = recognise(actual, None, {sentence: total})
    assert_close(actual, desired, diagnosis=told)


def assert_rows_sum(jacobian: Any, gradient: Any, *, diagnosis: str = "") -> None:
    """The rows of a Jacobian sum to the gradient, as they must, whatever the function is.

    Args:
        jacobian: Of shape (shape of the outputs, then shape of the inputs).
        gradient: Of the shape of the inputs, with respect to the same ones.
        diagnosis: Added to the message on failure.

    Raises:
        CheckFailed: They do not, or the shapes do not fit.

    Right::

        def both(x):
            with tf.GradientTape(persistent=True) as tape:
                tape.watch(x)
                y = x * tf.reduce_sum(x)
            return tape.gradient(y, x), tape.jacobian(y, x)

    Wrong::

        def both(x):
            with tf.GradientTape(persistent=True) as tape:
                tape.watch(x)
                y = x * tf.reduce_sum(x)
                mean = tf.reduce_mean(y)
            return tape.gradient(mean, x), tape.jacobian(y, x)

    Check::

        def test_both_agree(student, reference, draw):
            gradient, jacobian = student.both(draw.normal(4))
            assert_rows_sum(jacobian, gradient)

    Message::

        The rows of the Jacobian do not sum to the gradient.
        A gradient of several outputs is the one of their sum.
    """
    __tracebackhide__ = True
    for part, name in ((jacobian, "Jacobian"), (gradient, "gradient")):
        if not isinstance(part, Tensor):
            fail(f"A tensor is expected as the {name}, and {describe(part, values=False)} came.", diagnosis=diagnosis)
    outputs = len(jacobian.shape) - len(gradient.shape)
    if outputs < 0 or jacobian.shape[outputs:] != gradient.shape:
        fail(
            "The shapes of Jacobian and gradient do not fit together.",
            f"Jacobian: {jacobian.shape}, gradient: {gradient.shape}",
            diagnosis or "A Jacobian has the outputs' axes first, then the axes of the inputs, as the gradient has.",
        )
    try:
        assert_close(Tensor(jacobian.array.sum(tuple(range(outputs)))), Tensor(gradient.array), rtol=1e-3, atol=1e-4)
    except CheckFailed:
        told = "A gradient of several outputs is the one of their sum."
        fail("The rows of the Jacobian do not sum to the gradient.", "", diagnosis or told)


# ---- slopes ------------------------------------------------------------------------------------------


class _Reply:
    """What the probe ``slopes`` gave, checked; see there."""

    def __init__(self, reply: Mapping[str, Any]) -> None:
        self.at = float(reply["at"])
        self.along = np.asarray(reply["along"], "float64")
        self.gradients = reply["gradient"]
        self.steps = np.asarray(reply["steps"], "float64")
        self.directions = reply["directions"]
        self.double = reply["dtype"] == "float64"
        if self.along.shape != (len(self.directions), len(self.steps), 2):
            raise TypeError("differences of another shape than was asked for")

    @property
    def agree(self) -> tuple[float, float]:
        return _AGREE["float64" if self.double else "float32"]

    @property
    def slopes(self) -> Any:
        """Central differences, one for each direction and step."""
        return (self.along[..., 0] - self.along[..., 1]) / (2 * self.steps)

    @property
    def usable(self) -> Any:
        """Which directions have no kink nearby: two steps agree there, and the sides of the point do too."""
        slopes = self.slopes
        part, _ = self.agree
        scale = np.abs(slopes).max(initial=0.0) + self.noise
        bent = (self.along[..., 0] + self.along[..., 1] - 2 * self.at) / self.steps  # slope ahead less slope behind
        kink_here = (np.abs(bent[:, 1]) > 0.75 * np.abs(bent[:, 0])) & (np.abs(bent[:, 1]) > 30 * part * scale)
        return (np.abs(slopes[:, 0] - slopes[:, 1]) <= part * scale + self.noise) & ~kink_here

    @property
    def noise(self) -> float:
        """What rounding can do to a difference."""
        return float(self.agree[1] * np.abs(self.along).max(initial=0.0) / self.steps.min() + 1e-12)

    def along_gradient(self, gradients: Any) -> Any:
        """The slope along each direction as a gradient has it."""
        parts = [np.asarray(part, "float64") for part in gradients]
        if any(part.shape != vector.shape for part, vector in zip(parts, self.directions[0], strict=True)):
            raise ValueError("a gradient of another shape than its argument")
        return np.array(
            [sum(np.sum(g * v) for g, v in zip(parts, vectors, strict=True)) for vectors in self.directions], "float64"
        )


def _reply(reply: Any) -> _Reply:
    __tracebackhide__ = True
    try:
        return _Reply(reply)
    except (TypeError, ValueError, KeyError, AttributeError):
        fail("The function cannot be followed near the input: it gives no numbers there.")


def _same_values_nearby(mine: _Reply, theirs: _Reply, rtol: float | None, diagnosis: str) -> None:
    __tracebackhide__ = True
    rtol = rtol or (1e-8 if theirs.double else 1e-3)
    scale = np.abs(theirs.along).max(initial=abs(theirs.at))
    if not (np.abs(mine.along - theirs.along) <= rtol * scale + 1e-9).all():
        told = "The result is right at the input itself and not around it: is a value fixed in the code?"
        fail("The value is not the expected one near the input.", "", diagnosis or told)


def _connected(reply: Mapping[str, Any], diagnosis: str) -> None:
    __tracebackhide__ = True
    missing = [place for place, part in enumerate(reply["gradient"]) if not isinstance(part, Tensor)]
    if missing:
        why = reply["why"][missing[0]] if len(reply["why"]) > missing[0] else ""
        assert_connected(None, diagnosis=diagnosis or cause(why))


def _ignores_above(actual: Mapping[str, Any], desired: Mapping[str, Any] | None) -> bool:
    """Whether the gradient is the same with weights on the outputs and without them, where it should not be."""
    try:
        same = _equal(actual["gradient"], actual["plain"])
        return same and (desired is None or not _equal(desired["gradient"], desired["plain"]))
    except (TypeError, ValueError):
        return False


def _equal(one: Any, other: Any) -> bool:
    return all(np.allclose(np.asarray(a), np.asarray(b), rtol=1e-6) for a, b in zip(one, other, strict=True))


def _gradients_close(actual: Mapping[str, Any], desired: Mapping[str, Any], rtol: float | None, diagnosis: str) -> None:
    __tracebackhide__ = True
    try:
        assert_close(actual["gradient"], desired["gradient"], rtol=rtol, diagnosis=diagnosis)
    except CheckFailed as failed:
        summary = failed.summary.replace("The value of part [0]", "The gradient")
        summary = summary.replace("The value of part", "The gradient of part")
        fail(summary, failed.detail, failed.diagnosis, failed.got)


def _fits_differences(mine: _Reply, theirs: _Reply, diagnosis: str) -> None:
    __tracebackhide__ = True
    usable = theirs.usable
    if not usable.any():
        raise ValueError("the function has a kink, or is not smooth, on every direction from this input: draw another")
    differences = theirs.slopes[:, 1][usable]
    try:
        slopes = mine.along_gradient(mine.gradients)[usable]
    except ValueError:
        fail("The gradient has another shape than the argument.", "", diagnosis)
    part, _ = theirs.agree
    scale = max(float(np.abs(differences).max()), float(np.abs(slopes).max()))
    wrong = ~(np.abs(slopes - differences) <= part * scale + theirs.noise)
    if wrong.any():
        first = int(wrong.argmax())
        fail(
            "The gradient is not the slope of the function.",
            f"along a random direction the function rises by {number_text(differences[first])} per unit, "
            f"and the gradient says {number_text(slopes[first])}",
            diagnosis or recognise(slopes, differences),
            f"along a random direction the gradient says {number_text(slopes[first])}",
        )
