"""Assertions on layers and models, losses and metrics of Keras."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..wire import Tensor
from .failures import fail
from .tensors import assert_close
from .words import expected, short


def assert_weights(actual: Any, desired: Any, *, names: bool = False) -> None:
    """A layer or model has the weights that the reference's has, and Keras knows of all of them.

    Args:
        actual: ``student.f.layer(…)``.
        desired: ``reference.f.layer(…)`` with the same arguments.
        names: Whether the weights must have the same names.

    Raises:
        CheckFailed: Weights are untracked, too few or too many, of another shape or dtype, not
            trainable or trainable where they should not be, or without a gradient.

    Right::

        class f(tf.keras.layers.Layer):
            def __init__(self, units, **kwargs):
                super().__init__(**kwargs)
                self.units = units

            def build(self, shape):
                self.kernel = self.add_weight(shape=(shape[-1], self.units), name="kernel")

            def call(self, x):
                return tf.nn.relu(x @ self.kernel)

    Wrong::

        class f(tf.keras.layers.Layer):
            def __init__(self, units, **kwargs):
                super().__init__(**kwargs)
                self.units = units

            def build(self, shape):
                self.kernel = tf.Variable(tf.ones((shape[-1], self.units)))

            def call(self, x):
                return tf.nn.relu(x @ self.kernel)

    Check::

        def test_f_weights(student, reference, draw):
            x = draw.normal(4, 3)
            actual = student.f.made(2).layer(x, weights=draw.shared("weights"))
            desired = reference.f.made(2).layer(x, weights=draw.shared("weights"))
            assert_weights(actual, desired)

    Message::

        The layer uses a Variable that Keras does not know of.
    """
    __tracebackhide__ = True
    _assert_kind(actual, desired)
    untracked = _list(actual, "untracked")
    if untracked and not _list(desired, "untracked"):
        fail(
            "The layer uses a Variable that Keras does not know of.",
            f"got: {short(', '.join(map(str, untracked)))}",
            "A tf.Variable is not among the layer's weights, so that no optimizer trains it: make weights with "
            "add_weight in build or __init__, and keep layers in attributes.",
        )
    mine, theirs = _list(actual, "weights"), _list(desired, "weights")
    if len(mine) != len(theirs):
        told = expected(f"{len(theirs)} weights", f"{len(mine)} weights: {short(_names(mine))}")
        cause = _diagnose_count(mine, theirs)
        fail("There is another number of weights than expected.", told, cause, told.split("\n")[1].strip())
    for part, what in (("shape", "shapes"), ("dtype", "dtypes")):
        _assert_same([str(item[part]) for item in mine], [str(item[part]) for item in theirs], what)
    if sorted(bool(item["trainable"]) for item in mine) != sorted(bool(item["trainable"]) for item in theirs):
        fail("Not the same weights are trainable.", f"trainable here: {_names([i for i in mine if i['trainable']])}")
    if names:
        _assert_same(sorted(str(i["name"]) for i in mine), sorted(str(i["name"]) for i in theirs), "names")
    lost = [item for item, other in zip(mine, theirs, strict=True) if item["gradient"] is None is not other["gradient"]]
    if lost:
        cause = "The result does not depend on it, or the computation leaves TensorFlow on the way."
        fail("A trainable weight has no gradient.", f"got: None for {_names(lost)}", cause)


def assert_outputs(actual: Any, desired: Any, *, rtol: float | None = None, atol: float | None = None) -> None:
    """With the same weights, a layer or model computes what the reference's does; its weights' gradients are the same.

    Args:
        actual: ``student.f.layer(…)``.
        desired: ``reference.f.layer(…)`` with the same arguments.
        rtol: Relative tolerance; by dtype where None.
        atol: Absolute tolerance; by dtype where None.

    Raises:
        CheckFailed: An output has another structure, shape, dtype or value; or a gradient has.

    Right::

        class f(tf.keras.layers.Layer):
            def __init__(self, units, **kwargs):
                super().__init__(**kwargs)
                self.units = units

            def build(self, shape):
                self.kernel = self.add_weight(shape=(shape[-1], self.units), name="kernel")

            def call(self, x):
                return tf.nn.relu(x @ self.kernel)

    Wrong::

        class f(tf.keras.layers.Layer):
            def __init__(self, units, **kwargs):
                super().__init__(**kwargs)
                self.units = units

            def build(self, shape):
                self.kernel = self.add_weight(shape=(shape[-1], self.units), name="kernel")

            def call(self, x):
                return x @ self.kernel

    Check::

        def test_f_outputs(student, reference, draw):
            x = draw.normal(4, 3)
            actual = student.f.made(2).layer(x, weights=draw.shared("weights"))
            desired = reference.f.made(2).layer(x, weights=draw.shared("weights"))
            assert_outputs(actual, desired)

    Message::

        The value is not the expected one. …
    """
    __tracebackhide__ = True
    _assert_kind(actual, desired)
    outputs, wanted = _list(actual, "outputs"), _list(desired, "outputs")
    for mine, theirs in zip(outputs, wanted, strict=True):
        assert_close(mine, theirs, rtol=rtol, atol=atol, diagnosis=_diagnose_output(mine, theirs))
    for mine, theirs in zip(_list(actual, "weights"), _list(desired, "weights"), strict=False):
        if mine["gradient"] is not None and theirs["gradient"] is not None:
            cause = "The outputs are right, but not what a tape sees of them."
            # The gradient of squares reaches far from 1: compare it on the scale that it has.
            scale = float(np.abs(np.asarray(theirs["gradient"])).max(initial=1.0))
            assert_close(mine["gradient"], theirs["gradient"], rtol=1e-3, atol=1e-4 * scale, diagnosis=cause)


def assert_config(actual: Any, desired: Any) -> None:
    """A layer or model that is made again from its config computes the same.

    Args:
        actual: ``student.f.layer(…)``.
        desired: ``reference.f.layer(…)`` with the same arguments.

    Raises:
        CheckFailed: It cannot be made again, or the twin computes something else.

    Right::

        class f(tf.keras.layers.Layer):
            def __init__(self, units, **kwargs):
                super().__init__(**kwargs)
                self.units = units

            def build(self, shape):
                self.kernel = self.add_weight(shape=(shape[-1], self.units), name="kernel")

            def call(self, x):
                return tf.nn.relu(x @ self.kernel)

            def get_config(self):
                return {**super().get_config(), "units": self.units}

    Wrong::

        class f(tf.keras.layers.Layer):
            def __init__(self, units, **kwargs):
                super().__init__(**kwargs)
                self.units = units

            def build(self, shape):
                self.kernel = self.add_weight(shape=(shape[-1], self.units), name="kernel")

            def call(self, x):
                return tf.nn.relu(x @ self.kernel)

            def get_config(self):
                return {"name": self.name}

    Check::

        def test_f_config(student, reference, draw):
            x = draw.normal(4, 3)
            actual = student.f.made(2).layer(x, weights=draw.shared("weights"))
            desired = reference.f.made(2).layer(x, weights=draw.shared("weights"))
            assert_config(actual, desired)

    Message::

        It cannot be made again from its config.
    """
    __tracebackhide__ = True
    _assert_kind(actual, desired)
    cause = "get_config has to return every argument of __init__, besides those of super().get_config()."
    if "again" not in actual:
        fail("It cannot be made again from its config.", str(actual.get("error", ""))[:300], cause)
    twin, first = actual["again"], _list(actual, "outputs")[0]
    try:
        assert_close(twin, first)
    except AssertionError:
        fail("What is made from its config computes something else.", "", cause)


def assert_heads(actual: Any, desired: Any, *, names: bool = True) -> None:
    """A model has the outputs that the reference's has: as many, named alike, of the same shapes, in the same order.

    Args:
        actual: ``student.f.layer(…)``.
        desired: ``reference.f.layer(…)`` with the same arguments.
        names: Whether the output layers must have the same names.

    Raises:
        CheckFailed: With what differs.

    Right::

        def f():
            inputs = tf.keras.Input((4,))
            price = tf.keras.layers.Dense(1, name="price")(inputs)
            kind = tf.keras.layers.Dense(3, name="kind")(inputs)
            return tf.keras.Model(inputs, [price, kind])

    Wrong::

        def f():
            inputs = tf.keras.Input((4,))
            price = tf.keras.layers.Dense(1, name="price")(inputs)
            kind = tf.keras.layers.Dense(3, name="kind")(inputs)
            return tf.keras.Model(inputs, [kind, price])

    Check::

        def test_f_heads(student, reference, draw):
            x = draw.normal(5, 4)
            actual = student.f.made().layer(x, weights=draw.shared("weights"))
            desired = reference.f.made().layer(x, weights=draw.shared("weights"))
            assert_heads(actual, desired)

    Message::

        The outputs of the model are in another order than expected.
    """
    __tracebackhide__ = True
    _assert_kind(actual, desired)
    mine, theirs = _shapes(_list(actual, "outputs")[0]), _shapes(_list(desired, "outputs")[0])
    if len(mine) != len(theirs):
        told = expected(f"{len(theirs)} outputs", f"{len(mine)} outputs")
        fail("The model has another number of outputs than expected.", told, "", f"got: {len(mine)} outputs")
    heads = [str(head) for head in _list(actual, "heads")], [str(head) for head in _list(desired, "heads")]
    moved = mine != theirs and sorted(mine) == sorted(theirs)
    if moved or (names and heads[0] != heads[1] and sorted(heads[0]) == sorted(heads[1])):
        fail("The outputs of the model are in another order than expected.", expected(theirs, mine))
    if mine != theirs:
        fail("The outputs of the model have other shapes than expected.", expected(theirs, mine))
    if names and heads[0] != heads[1]:
        cause = "An output is known by the name of its layer: Dense(1, name=…)."
        fail("The outputs of the model have other names than expected.", expected(heads[1], heads[0]), cause)


def assert_loss(actual: Any, desired: Any, *, rtol: float | None = None, atol: float | None = None) -> None:
    """A loss has the value and the gradient of the reference's.

    Args:
        actual: ``student.f.loss(y_true, y_pred)``, or ``student.f.made(…).loss(…)`` for what a class or function makes.
        desired: ``reference.f.loss(…)`` with the same arguments.
        rtol: Relative tolerance; by dtype where None.
        atol: Absolute tolerance; by dtype where None.

    Raises:
        CheckFailed: The value or the gradient is another one, or the gradient is None.

    Right::

        def f(y_true, y_pred):
            return tf.reduce_mean(tf.abs(y_true - y_pred))

    Wrong::

        def f(y_true, y_pred):
            return tf.reduce_sum(tf.abs(y_true - y_pred))

    Check::

        def test_f_loss(student, reference, draw):
            y, p = draw.normal(6, 2), draw.normal(6, 2)
            assert_loss(student.f.loss(y, p), reference.f.loss(y, p))

    Message::

        The value is not the expected one. …
    """
    __tracebackhide__ = True
    cause = _diagnose_loss(actual, desired)
    assert_close(_part(actual, "value"), _part(desired, "value"), rtol=rtol, atol=atol, diagnosis=cause)
    if actual["gradient"] is None and desired["gradient"] is not None:
        cause = (
            "The loss has to be computed with TensorFlow's functions from the predictions, without numpy or float()."
        )
        fail("The gradient of the loss is None: the tape saw no path from the predictions to it.", "", cause)
    cause = "The value is right here and the gradient is not: does the loss use the predictions as they are?"
    assert_close(actual["gradient"], desired["gradient"], rtol=rtol, atol=atol, diagnosis=cause)


def assert_metric(actual: Any, desired: Any, *, rtol: float | None = None, atol: float | None = None) -> None:
    """A metric has the reference's results: at the beginning, after each of several batches, and after a reset.

    Args:
        actual: ``student.f.metric(…)``, or ``student.f.made(…).metric(…)``.
        desired: ``reference.f.metric(…)`` with the same arguments.
        rtol: Relative tolerance; by dtype where None.
        atol: Absolute tolerance; by dtype where None.

    Raises:
        CheckFailed: A result is another one; the message says which.

    Right::

        class f(tf.keras.metrics.Metric):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.right = self.add_weight(name="right", initializer="zeros")
                self.seen = self.add_weight(name="seen", initializer="zeros")

            def update_state(self, y_true, y_pred, sample_weight=None):
                self.right.assign_add(tf.reduce_sum(tf.cast(y_true == tf.round(y_pred), tf.float32)))
                self.seen.assign_add(tf.cast(tf.size(y_true), tf.float32))

            def result(self):
                return tf.math.divide_no_nan(self.right.value, self.seen.value)

    Wrong::

        class f(tf.keras.metrics.Metric):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.right = self.add_weight(name="right", initializer="zeros")
                self.seen = self.add_weight(name="seen", initializer="zeros")

            def update_state(self, y_true, y_pred, sample_weight=None):
                self.right.assign(tf.reduce_sum(tf.cast(y_true == tf.round(y_pred), tf.float32)))
                self.seen.assign_add(tf.cast(tf.size(y_true), tf.float32))

            def result(self):
                return tf.math.divide_no_nan(self.right.value, self.seen.value)

    Check::

        def test_f_results(student, reference, draw):
            sizes = (6, 3)
            batches = [(draw.integers(n, high=2).astype("float32"), draw.uniform(n)) for n in sizes]
            assert_metric(student.f.made().metric(*batches), reference.f.made().metric(*batches))

    Message::

        The result after 2 batches is not the expected one.
    """
    __tracebackhide__ = True
    if not isinstance(actual, Mapping) or actual.get("kind") != "metric":
        fail("A metric of Keras is expected here.", "", "It has to be a subclass of keras.metrics.Metric.")
    same = _closeness(rtol, atol)
    after, wanted = _list(actual, "after"), _list(desired, "after")
    if any(_bad(value) for value in after) and not any(_bad(value) for value in wanted):
        fail("The result of the metric is not finite.", "", _ZERO)
    for place, (mine, theirs) in enumerate(zip(after, wanted, strict=True)):
        if not same(mine, theirs):
            which = "the first batch" if place == 0 else f"{place + 1} batches"
            told = f"The result after {which} is not the expected one."
            fail(
                told,
                expected(_number(theirs), _number(mine)),
                _diagnose_metric(actual, place, same),
                f"got: {_number(mine)}",
            )
    if not same(actual["start"], desired["start"]):
        cause = _ZERO if _bad(actual["start"]) else "What has seen no batch yet has nothing to show."
        told = expected(_number(desired["start"]), _number(actual["start"]))
        fail(
            "The result before the first batch is not the expected one.",
            told,
            cause,
            f"got: {_number(actual['start'])}",
        )
    if not same(actual["reset"], desired["reset"]) or not same(actual["again"], desired["again"]):
        cause = "reset_state has to set back everything that update_state adds to."
        fail("After a reset the metric is not as it was at the beginning.", f"got: {_number(actual['reset'])}", cause)


_ZERO = "Where there is nothing to divide by (0/0), the result is not a number: what should it be then?"


# ---- parts -------------------------------------------------------------------------------------------


def _assert_kind(actual: Any, desired: Any) -> None:
    __tracebackhide__ = True
    wanted, got = (run.get("kind") if isinstance(run, Mapping) else None for run in (desired, actual))
    if wanted not in ("layer", "model"):
        raise TypeError(f"the reference makes a {wanted}, which is no layer or model")
    if got != wanted and not (wanted == "layer" and got == "model"):
        known = got if got in ("layer", "model", "function", "NoneType") else "something else"
        forgot = " Did you forget a return?" if got == "NoneType" else ""
        fail(f"A {wanted} of Keras is expected here, and {known} came.{forgot}".replace("NoneType", "None"))


def _assert_same(mine: list[str], theirs: list[str], what: str) -> None:
    __tracebackhide__ = True
    if mine != theirs:
        told = expected(short("; ".join(theirs)), short("; ".join(mine)))
        fail(f"The weights have other {what} than expected.", told, "", told.split("\n")[1].strip())


def _diagnose_count(mine: Any, theirs: Any) -> str:
    shapes, wanted = ([str(item["shape"]) for item in items] for items in (mine, theirs))
    missing = list(wanted)
    for shape in shapes:
        if shape in missing:
            missing.remove(shape)
    if not shapes:
        return "It has no weights at all: are they made in build, or in layers that are attributes?"
    if len(shapes) < len(wanted) and len(missing) == len(wanted) - len(shapes):
        return "Some of the weights are there, and some are missing: a bias, say, or a layer."
    if len(shapes) == 2 * len(wanted) or len(shapes) > len(wanted):
        return "There are too many: is a layer that should be shared made more than once?"
    return ""


_ACTIVATIONS: Mapping[str, Callable[[Any], Any]] = {
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softmax": lambda x: (
        np.exp(x - x.max(-1, keepdims=True)) / np.exp(x - x.max(-1, keepdims=True)).sum(-1, keepdims=True)
    ),
}


def _diagnose_output(mine: Any, theirs: Any) -> str:
    if isinstance(mine, (list, tuple)) and isinstance(theirs, (list, tuple)):
        parts = (_diagnose_output(one, other) for one, other in zip(mine, theirs, strict=False))
        return next(filter(None, parts), "")
    pair = (mine, theirs)
    if not all(isinstance(item, Tensor) and item.array.dtype.kind == "f" and item.array.ndim for item in pair):
        return ""
    if mine.shape != theirs.shape:
        return ""
    a, b = (item.array.astype("float64") for item in pair)
    with np.errstate(all="ignore"):
        if np.allclose(a, b, rtol=1e-3, atol=1e-5):
            return ""
        for name, function in _ACTIVATIONS.items():
            if np.allclose(function(a), b, rtol=1e-3, atol=1e-5):
                return f"These are the values before an activation function ({name}): it is not applied."
            if np.allclose(function(b), a, rtol=1e-3, atol=1e-5):
                return f"An activation function ({name}) is applied to what should be left as it is."
    return ""


def _diagnose_loss(actual: Any, desired: Any) -> str:
    if not isinstance(actual, Mapping) or not isinstance(desired, Mapping):
        return ""
    mine, theirs = actual.get("value"), desired.get("value")
    if not all(isinstance(item, Tensor) and item.array.dtype.kind == "f" for item in (mine, theirs)):
        return ""
    a, b = (np.asarray(item, "float64") for item in (mine, theirs))
    same = _closeness(1e-3, 1e-6)
    if b.ndim == 0 and a.ndim > 0:
        return "One number is asked for the whole batch, and each example's came." if same(a.mean(), b) else ""
    if a.shape != b.shape:
        return ""
    if same(mine, desired.get("swapped")) and not same(theirs, desired.get("swapped")):
        return "The arguments are taken in the other order: the labels come first, loss(y_true, y_pred)."
    counts = _counts(desired.get("gradient"))
    if any(same(a, b * count) for count in counts):
        return "This is the right loss times a number of examples or outputs: a sum where the mean is asked."
    if any(same(a * count, b) for count in counts):
        return "This is the right loss divided by a number of examples or outputs: a mean where the sum is asked."
    if same(a, b**2):
        return "This is the square of the right value: is a root missing?"
    if same(a**2, b) or same(a, np.sqrt(np.abs(b))):
        return "This is the root of the right value."
    if same(a, -b):
        return "This is the right value with the wrong sign."
    return ""


def _counts(gradient: Any) -> set[int]:
    if not isinstance(gradient, Tensor) or not gradient.shape:
        return set()
    return {gradient.array.size, gradient.shape[0], gradient.array.size // max(1, gradient.shape[0])} - {0, 1}


def _diagnose_metric(actual: Any, place: int, same: Callable[[Any, Any], bool]) -> str:
    mine, alone = actual["after"][place], actual["alone"]
    if place and same(mine, alone[place]):
        return "Only the last batch counts: update_state has to add to what earlier batches put into the metric."
    numbers = [np.asarray(value, "float64") for value in alone[: place + 1]]
    if place and all(number.shape == () for number in numbers) and same(mine, np.mean(numbers)):
        return "This is the mean of the batches' results. Count over all batches, and divide in result()."
    if place and same(mine, actual["start"]):
        return "The result does not change: update_state changes nothing that result() looks at."
    return ""


def _closeness(rtol: float | None, atol: float | None) -> Callable[[Any, Any], bool]:
    relative, absolute = 1e-4 if rtol is None else rtol, 1e-5 if atol is None else atol

    def same(mine: Any, theirs: Any) -> bool:
        try:
            a, b = np.asarray(mine, "float64"), np.asarray(theirs, "float64")
        except (TypeError, ValueError):
            return False
        return a.shape == b.shape and bool(np.allclose(a, b, rtol=relative, atol=absolute, equal_nan=True))

    return same


def _bad(value: Any) -> bool:
    try:
        return not bool(np.isfinite(np.asarray(value, "float64")).all())
    except (TypeError, ValueError):
        return False


def _number(value: Any) -> str:
    try:
        return f"{float(np.asarray(value)):.6g}"
    except (TypeError, ValueError):
        return "no number"


def _names(items: Any) -> str:
    return ", ".join(f"{item['name']} {item['shape']}" for item in items) or "none"


def _shapes(outputs: Any) -> list[tuple[int, ...]]:
    if isinstance(outputs, Mapping):
        outputs = [outputs[key] for key in sorted(outputs)]
    parts = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    return [part.shape if isinstance(part, Tensor) else () for part in parts]


def _part(record: Any, name: str) -> Any:
    if not isinstance(record, Mapping) or name not in record:
        raise ValueError(f"a record has no {name}")
    return record[name]


def _list(record: Any, name: str) -> list[Any]:
    value = _part(record, name)
    if not isinstance(value, list):
        raise ValueError(f"a record has no list {name}")
    return value
