"""Assertions on training loops: steps, trajectories, results, metrics, and validation that does not train.

Two right ways to write a loop (eager, in a graph, compiled, one kind of tape or another; one thread or two, with oneDNN
and without) were measured to differ by at most 2e-7 of the largest weight after ten steps of SGD: a hundredth of what
is allowed here. With RMSprop or Adam a gradient that is twice too large gives the same steps: compare with SGD.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..trained import Training, UseRecord
from ..wire import Opaque, Tensor
from .failures import CheckFailed, fail
from .tensors import assert_close
from .words import describe, expected, short, values_text

RTOL, ATOL = 1e-4, 1e-6


def assert_steps(actual: Training, desired: Training) -> None:
    """The optimizer that was given takes as many steps as the reference's, with gradients that it can use.

    Args:
        actual: ``student.f.training(…)``.
        desired: ``reference.f.training(…)`` with the same arguments.

    Raises:
        CheckFailed: No gradient reached the optimizer, or it took another number of steps.

    Right::

        def f(optimizer, loss, model, x, y):
            with tf.GradientTape() as tape:
                value = loss(y, model(x))
            gradients = tape.gradient(value, model.trainable_variables)
            optimizer.apply(gradients, model.trainable_variables)
            return value

    Wrong::

        def f(optimizer, loss, model, x, y):
            with tf.GradientTape() as tape:
                value = loss(y, model(x))
            gradients = tape.gradient(value, model.trainable_variables)
            optimizer.apply(gradients, model.trainable_variables)
            optimizer.apply(gradients, model.trainable_variables)
            return value

    Check::

        from autograder import spec

        def test_f_steps(student, reference, draw):
            x, y = draw.normal(8, 3), draw.normal(8, 1)
            model = spec.model([spec.dense(1)], inputs=3, weights=draw)
            call = spec.sgd(0.1), spec.loss("mse"), model, x, y
            assert_steps(student.f.training(*call), reference.f.training(*call))

    Message::

        The optimizer takes another number of steps than expected.
    """
    __tracebackhide__ = True
    _assert_usable(actual, desired)
    mine, theirs = [o.steps for o in actual.optimizers], [o.steps for o in desired.optimizers]
    if mine != theirs:
        told = expected(_steps(theirs), _steps(mine))
        summary = "The optimizer takes another number of steps than expected."
        fail(summary, told, _diagnose(actual, desired), f"got: {_steps(mine)}")


def assert_trajectory(actual: Training, desired: Training, *, rtol: float = RTOL, atol: float = ATOL) -> None:
    """The same steps, with the same gradients, to the same weights after each of them.

    Args:
        actual: ``student.f.training(…)``.
        desired: ``reference.f.training(…)`` with the same arguments.
        rtol: Relative tolerance.
        atol: Absolute tolerance.

    Raises:
        CheckFailed: As :func:`assert_steps`; or the first step whose gradients or weights differ.

    Right::

        def f(optimizer, loss, model, x, y):
            with tf.GradientTape() as tape:
                value = loss(y, model(x))
            gradients = tape.gradient(value, model.trainable_variables)
            optimizer.apply(gradients, model.trainable_variables)
            return value

    Wrong::

        def f(optimizer, loss, model, x, y):
            with tf.GradientTape() as tape:
                value = 2 * loss(y, model(x))
            gradients = tape.gradient(value, model.trainable_variables)
            optimizer.apply(gradients, model.trainable_variables)
            return value

    Check::

        from autograder import spec

        def test_f_trajectory(student, reference, draw):
            x, y = draw.normal(8, 3), draw.normal(8, 1)
            model = spec.model([spec.dense(1)], inputs=3, weights=draw)
            call = spec.sgd(0.1), spec.loss("mse"), model, x, y
            assert_trajectory(student.f.training(*call), reference.f.training(*call))

    Message::

        The gradients of step 1 are not the expected ones.
    """
    __tracebackhide__ = True
    assert_steps(actual, desired)
    for mine, theirs in zip(actual.optimizers, desired.optimizers, strict=True):
        _assert_rows(mine.gradients, theirs.gradients, "gradients", rtol, atol, actual, desired)
        _assert_rows(mine.weights, theirs.weights, "weights", rtol, atol, actual, desired)
    for one, other in zip(actual.models, desired.models, strict=True):
        if not _all_close(one.after, other.after, rtol, atol):
            summary = "The weights at the end are not the expected ones."
            told = expected(_weights_text(other.after), _weights_text(one.after))
            fail(summary, told, _diagnose(actual, desired), f"got: {_weights_text(one.after)}")


def assert_results(actual: Training, desired: Training, *, rtol: float = RTOL, atol: float = 1e-5) -> None:
    """The calls return what the reference's return.

    Several losses may come as a list, a tuple, an array or a tensor of them; a number as a tensor or a Python number.
    Where the reference returns something that is no data (a model, say) or None, anything will do.

    Args:
        actual: ``student.f.training(…)``.
        desired: ``reference.f.training(…)`` with the same arguments.
        rtol: Relative tolerance.
        atol: Absolute tolerance.

    Raises:
        CheckFailed: A call returns something else.

    Right::

        def f(optimizer, loss, model, x, y):
            with tf.GradientTape() as tape:
                value = loss(y, model(x))
            gradients = tape.gradient(value, model.trainable_variables)
            optimizer.apply(gradients, model.trainable_variables)
            return value

    Wrong::

        def f(optimizer, loss, model, x, y):
            with tf.GradientTape() as tape:
                value = loss(y, model(x))
            gradients = tape.gradient(value, model.trainable_variables)
            optimizer.apply(gradients, model.trainable_variables)
            return loss(y, model(x))

    Check::

        from autograder import spec

        def test_f_loss(student, reference, draw):
            x, y = draw.normal(8, 3), draw.normal(8, 1)
            model = spec.model([spec.dense(1)], inputs=3, weights=draw)
            call = spec.sgd(0.1), spec.loss("mse"), model, x, y
            assert_results(student.f.training(*call), reference.f.training(*call))

    Message::

        The result is not the expected one.
    """
    __tracebackhide__ = True
    _assert_usable(actual, desired)
    for place, (mine, theirs) in enumerate(zip(actual.results, desired.results, strict=False)):
        call = f" of call {place + 1}" if len(desired.results) > 1 else ""
        _assert_result(mine, theirs, call, rtol, atol, actual, desired)


def assert_metrics(actual: Training, desired: Training, *, rtol: float = RTOL, atol: float = 1e-6) -> None:
    """After the last call the metrics that were given have the results that the reference's have.

    Args:
        actual: ``student.f.training(…)``.
        desired: ``reference.f.training(…)`` with the same arguments. A metric that is never reset shows with
            ``times=2``; surely so where its result is not a share, ``"BinaryCrossentropy"`` and not
            ``"BinaryAccuracy"``.
        rtol: Relative tolerance.
        atol: Absolute tolerance.

    Raises:
        CheckFailed: The result of a metric is another one.

    Right::

        def f(dataset, model, metric):
            metric.reset_state()
            for x, y in dataset:
                metric.update_state(y, model(x))

    Wrong::

        def f(dataset, model, metric):
            for x, y in dataset:
                metric.update_state(y, model(x))

    Check::

        from autograder import spec

        def test_f_metric(student, reference, draw):
            data = spec.dataset(draw.normal(6, 3), draw.integers(6, 1, high=2), batch=2)
            model = spec.model([spec.dense(1, "sigmoid")], inputs=3, weights=draw)
            call = data, model, spec.metric("TruePositives")
            twice = student.f.training(*call, times=2), reference.f.training(*call, times=2)
            assert_metrics(*twice)

    Message::

        The result of metric is not the expected one.
    """
    __tracebackhide__ = True
    _assert_usable(actual, desired)
    for place, (mine, theirs) in enumerate(zip(actual.metrics, desired.metrics, strict=True)):
        got, wanted = _numbers(mine.value), _numbers(theirs.value)
        if wanted is None:
            raise TypeError("the result of the reference's metric is no number")
        if got is not None and _close(got, wanted, rtol, atol):
            continue
        which = f" {place + 1}" if len(desired.metrics) > 1 else ""
        text = "no number" if got is None else values_text(got)
        diagnosis = _metric(mine, theirs) or _diagnose(actual, desired)
        summary = f"The result of metric{which} is not the expected one."
        fail(summary, expected(values_text(wanted), text), diagnosis, f"got: {text}")


def assert_no_training(actual: Training) -> None:
    """A validation changes no weight, takes no step, and does not call a model for training.

    This is what the notebook's process says of itself. Compare what the function returns as well
    (:func:`assert_results`), on several batches and with a ``spec.mode()`` layer in the model: losses show it.

    Args:
        actual: ``student.f.training(…)``; give the function an optimizer too, where it takes one.

    Raises:
        CheckFailed: It trains.

    Right::

        def f(dataset, loss, model):
            return [loss(y, model(x, training=False)) for x, y in dataset]

    Wrong::

        def f(dataset, loss, model):
            return [loss(y, model(x, training=True)) for x, y in dataset]

    Check::

        from autograder import spec

        def test_f_validates(student, draw):
            model = spec.model([spec.dense(4), spec.mode(), spec.dense(1)], inputs=3, weights=draw)
            data = spec.dataset(draw.normal(6, 3), draw.normal(6, 1), batch=2)
            assert_no_training(student.f.training(data, spec.loss("mse"), model))

    Message::

        The model is called with training=True here.
    """
    __tracebackhide__ = True
    if actual.steps:
        cause = (
            "Training on the validation data makes its loss say nothing about new data. Only compute the loss there."
        )
        fail("The optimizer takes steps here, and it should take none.", f"got: {actual.steps} steps", cause)
    if any("training" in model.modes for model in actual.models):
        cause = "With training=True, Dropout drops units, and BatchNormalization learns from the validation data."
        fail("The model is called with training=True here.", "", cause)
    if any(model.changed for model in actual.models):
        cause = "A validation only calls the model; no weight may be assigned."
        fail("Weights of the model have other values afterwards.", "", cause)


# ---- results -----------------------------------------------------------------------------------------


def _assert_result(
    mine: Any, theirs: Any, call: str, rtol: float, atol: float, actual: Training, desired: Training
) -> None:
    __tracebackhide__ = True
    if theirs is None or isinstance(theirs, Opaque):
        return
    if mine is None:
        fail(f"The result{call} is None. Did you forget a return?")
    wanted, got = _numbers(theirs), _numbers(mine)
    if wanted is None and isinstance(theirs, (tuple, list)):
        if not isinstance(mine, (tuple, list)) or len(mine) != len(theirs):
            told = expected(f"{len(theirs)} parts", describe(mine, values=False))
            fail(f"The result{call} has other parts than expected.", told)
        order = _other_order(mine, theirs, rtol, atol)
        for part, (one, other) in enumerate(zip(mine, theirs, strict=True)):
            if not _same(one, other, rtol, atol):
                if order:
                    fail(f"The parts of the result{call} are in another order than expected.", "", order)
                _assert_result(one, other, f"{call}, part {part + 1},", rtol, atol, actual, desired)
        return
    if wanted is None:  # dicts, text, and tensors of a higher rank
        try:
            assert_close(mine, theirs, rtol=rtol, atol=atol, dtype="kind")
        except CheckFailed as error:
            told = f"The result{call} is not the expected one: {error.summary[:1].lower()}{error.summary[1:]}"
            fail(told, error.detail, _late(actual, desired) or _diagnose(actual, desired), error.got)
        return
    if got is None or (got.shape != wanted.shape and not (got.size == wanted.size == 1)):
        summary = f"The result{call} is not of the expected form."
        told = expected(_form(wanted), describe(mine, values=False) if got is None else _form(got))
        fail(summary, told, _diagnose_form(got, wanted), told.split("\n")[1].strip())
    if not _close(got.reshape(wanted.shape), wanted, rtol, atol):
        summary = f"The result{call} is not the expected one."
        diagnosis = (
            _other_order(list(got.ravel()), list(wanted.ravel()), rtol, atol)
            if isinstance(theirs, tuple)
            else _late(actual, desired)
        )
        texts = values_text(wanted), values_text(got)
        fail(summary, expected(*texts), diagnosis or _diagnose(actual, desired), f"got: {texts[1]}")


def _numbers(value: Any) -> Any:
    """Numbers of any kind as an array of rank 0 or 1; None for anything else."""
    if isinstance(value, Tensor):
        return np.asarray(value.array) if value.array.ndim <= 1 and value.array.dtype.kind in "fiu" else None
    if type(value) in (int, float):
        return np.asarray(value, "float64")
    if isinstance(value, (list, tuple)):
        parts = [_numbers(item) for item in value]
        if parts and all(part is not None and part.ndim == 0 for part in parts):
            return np.array([float(part) for part in parts])
    return None


def _same(mine: Any, theirs: Any, rtol: float, atol: float) -> bool:
    if isinstance(mine, (list, tuple)) and isinstance(theirs, (list, tuple)) and len(mine) == len(theirs):
        return all(_same(a, b, rtol, atol) for a, b in zip(mine, theirs, strict=True))
    if theirs is None or isinstance(theirs, Opaque):
        return True
    one, other = (
        np.asarray(item) if isinstance(item, (Tensor, int, float, np.generic)) else None for item in (mine, theirs)
    )
    if one is None or other is None or "O" in (one.dtype.kind, other.dtype.kind):
        numbers = _numbers(mine), _numbers(theirs)
        if numbers[0] is None or numbers[1] is None:
            return type(mine) is type(theirs) and not isinstance(mine, (list, tuple, Tensor)) and mine == theirs
        one, other = numbers
    return one.shape == other.shape and _close(one, other, rtol, atol)


def _other_order(mine: Sequence[Any], theirs: Sequence[Any], rtol: float, atol: float) -> str:
    if 2 <= len(theirs) <= 4 and len(mine) == len(theirs):
        for order in itertools.permutations(range(len(theirs))):
            if list(order) != sorted(order) and _same([mine[place] for place in order], list(theirs), rtol, atol):
                return "Every part is right, and they come in another order than the exercise asks for."
    return ""


def _diagnose_form(got: Any, wanted: Any) -> str:
    if got is None or wanted.ndim != 1:
        return ""
    if got.ndim == 0 or got.size == 1:
        return "One number came where one for each batch is asked: is each loss appended to a list that is returned?"
    return "" if got.size == wanted.size else "Another number of losses came than there are batches."


def _form(array: Any) -> str:
    return "one number" if array.ndim == 0 else f"{array.size} numbers"


# ---- trajectories ------------------------------------------------------------------------------------


def _assert_usable(actual: Training, desired: Training) -> None:
    """The run went to its end, and with gradients that are there."""
    __tracebackhide__ = True
    counts = [(len(run.models), len(run.optimizers), len(run.metrics), len(run.results)) for run in (actual, desired)]
    if actual.error:
        known = "None" if actual.unconnected else "the gradients of variables that it was not made for"
        fail(f"The optimizer got {known} and could not go on.", actual.error, _diagnose(actual, desired), "")
    if counts[0] != counts[1]:
        raise ValueError("the records are not of the same calls")
    if set(actual.unconnected) - set(desired.unconnected):
        told = f"None for: {short(', '.join(actual.unconnected))}"
        fail("Some gradients that reach the optimizer are None.", told, _diagnose(actual, desired))


def _assert_rows(
    mine: Sequence[Any], theirs: Sequence[Any], what: str, rtol: float, atol: float, actual: Training, desired: Training
) -> None:
    __tracebackhide__ = True
    if [item.shape for item in mine] != [item.shape for item in theirs]:
        raise ValueError("the records are not of the same weights")
    steps = len(theirs[0]) if theirs else 0
    for step in range(steps):
        one, other = [item[step] for item in mine], [item[step] for item in theirs]
        if not _all_close(one, other, rtol, atol):
            which = f"of step {step + 1}" if what == "gradients" else f"after step {step + 1}"
            summary = f"The {what} {which} are not the expected ones."
            told = expected(_weights_text(other), _weights_text(one))
            fail(summary, told, _diagnose(actual, desired), f"got: {_weights_text(one)}")


def _all_close(mine: Sequence[Any], theirs: Sequence[Any], rtol: float, atol: float) -> bool:
    pairs = list(zip(mine, theirs, strict=False))
    return len(mine) == len(theirs) and all(a.shape == b.shape and _close(a, b, rtol, atol) for a, b in pairs)


def _close(mine: Any, theirs: Any, rtol: float, atol: float) -> bool:
    with np.errstate(all="ignore"):
        return bool(np.allclose(mine, theirs, rtol=rtol, atol=atol, equal_nan=bool(np.isnan(theirs).any())))


def _weights_text(arrays: Sequence[Any]) -> str:
    return short(", ".join(values_text(array) for array in arrays))


def _steps(counts: Sequence[int]) -> str:
    return ", ".join(f"{count} step{'s' * (count != 1)}" for count in counts)


# ---- diagnoses ---------------------------------------------------------------------------------------


def _diagnose(actual: Training, desired: Training) -> str:
    """Which mistake a run looks like, the surest sign first; ``""`` for none that is known."""
    return (
        _unconnected(actual, desired)
        or _another_name(actual, desired)
        or _swapped(actual)
        or _wrong_steps(actual, desired)
        or _wrong_mode(actual, desired)
        or _scaled(actual, desired)
        or _late(actual, desired)
        or _metrics(actual, desired)
    )


def _unconnected(actual: Training, desired: Training) -> str:
    if not set(actual.unconnected) - set(desired.unconnected):
        return ""
    return (
        "The tape saw no path from the weights to the loss. Are both the model and the loss called inside of the "
        "with-block, and does nothing on the way leave TensorFlow (numpy, float())?"
    )


_ARGUMENTS = {
    "model": "The model that the function is given is never called: a model of the notebook, or a new one, is.",
    "loss": "The loss that the function is given is never called: another one is used instead.",
    "dataset": "No batch is taken from a data set that the function is given: is another name used instead?",
}


def _another_name(actual: Training, desired: Training) -> str:
    if actual.foreign:
        return (
            "The optimizer is handed the weights of another model than the one that the function is given, or no "
            "weights: is a name of the notebook used where the argument is meant, or do gradients and weights stand "
            "in each other's place?"
        )
    uses = {
        "model": [(a.calls, b.calls) for a, b in zip(actual.models, desired.models, strict=False)],
        "loss": [(a.calls, b.calls) for a, b in zip(actual.losses, desired.losses, strict=False)],
        "dataset": list(zip(actual.datasets, desired.datasets, strict=False)),
    }
    found = [_ARGUMENTS[what] for what, pairs in uses.items() for mine, theirs in pairs if theirs and not mine]
    return found[0] if found else ""


def _swapped(actual: Training) -> str:
    if any(use.swapped for use in actual.losses):
        return "The loss is given the predictions for the labels: the labels come first, loss(y_true, y_pred)."
    return ""


def _wrong_steps(actual: Training, desired: Training) -> str:
    mine, theirs = actual.steps, desired.steps
    changed = any(model.changed for model in actual.models)
    if mine == theirs:
        return ""
    if mine == 0 and changed:
        return "The weights change, but not through the optimizer that the function is given."
    if mine == 0:
        return "The gradients are never applied: the weights are what they were."
    if len(desired.datasets) > 1 and theirs and mine == theirs + sum(actual.datasets[1:]):
        return (
            "There is one step for every batch of the training and of the validation data: validation must not train."
        )
    if mine == 2 * theirs:
        return "The gradients are applied twice for every batch."
    if theirs == 0:
        return "Nothing is to be trained here."
    if mine == 1:
        return "There is one step in all: is the step inside of the loop over the batches?"
    return "Is there exactly one step for every batch, in every epoch?"


def _wrong_mode(actual: Training, desired: Training) -> str:
    for mine, theirs in zip(actual.models, desired.models, strict=False):
        if "training" in theirs.modes and "training" not in mine.modes:
            return "The model is called without training=True, so layers such as Dropout do nothing."
        if "training" in mine.modes and "training" not in theirs.modes:
            return "The model is called with training=True where it should not be."
    return ""


def _scaled(actual: Training, desired: Training) -> str:
    """One factor between the gradients of the first step and the expected ones, or between the changes of the
    weights."""
    for mine, theirs in zip(actual.optimizers, desired.optimizers, strict=False):
        if not (mine.gradients and theirs.gradients and len(mine.gradients[0]) and len(theirs.gradients[0])):
            continue
        first = [np.concatenate([item[0].ravel() for item in run.gradients]) for run in (mine, theirs)]
        factor = _factor(*first)
        if factor == 1:
            continue
        if factor == 0:
            return "Every gradient is 0."
        if factor and factor < 0:
            return "Every gradient has the wrong sign: the loss would grow."
        if factor:
            return (
                "Every gradient is the same multiple of the expected one: is the loss, or the gradient, summed where "
                "it should be averaged, or multiplied by something more?"
            )
    return ""


def _factor(mine: Any, theirs: Any) -> float | None:
    """The number that one array is of another; None where there is none."""
    if mine.shape != theirs.shape or not np.isfinite(mine).all() or not theirs.any():
        return None
    factor = float(mine @ theirs / (theirs @ theirs))
    if not np.allclose(mine, factor * theirs, rtol=1e-3, atol=1e-6 * max(1.0, abs(factor))):
        return None
    return 1.0 if abs(factor - 1) < RTOL else factor


def _late(actual: Training, desired: Training) -> str:
    for mine, theirs in zip(actual.events, desired.events, strict=False):
        if "step" in mine and mine[-1] == "loss" and not (theirs and theirs[-1] == "loss"):
            return (
                "The loss is computed once more after the step, with the new weights. The loss that belongs to the "
                "step is the one that the gradients came from."
            )
    return ""


def _metrics(actual: Training, desired: Training) -> str:
    found = (_metric(mine, theirs) for mine, theirs in zip(actual.metrics, desired.metrics, strict=False))
    return next(filter(None, found), "")


def _metric(mine: UseRecord, theirs: UseRecord) -> str:
    if mine.swapped:
        return "A metric is given the predictions for the labels: the labels come first, update_state(y_true, y_pred)."
    if theirs.calls and not mine.calls:
        return (
            "A metric that the function is given is never updated: is update_state missing, or is it called on a name "
            "of the notebook instead of the argument?"
        )
    if theirs.resets and not mine.resets:
        return "The metric is never reset, so that it still holds what earlier epochs put into it."
    if mine.resets and not theirs.resets:
        return "The metric is reset here, so that what it held is lost."
    return ""
