"""Assertions on values: kind, shape, dtype and closeness, in nested structures.

The structure follows chex and numpy.testing; the tolerances are by dtype.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import numpy as np

from ..errors import CallFailed
from ..wire import Opaque, Ragged, Tensor
from .failures import CheckFailed, fail
from .signatures import of_dtype, of_kind, signature
from .words import KIND_NAMES, capital, describe, expected, key_text, kind_of, place, short, values_text

_TENSORS = ("Tensor", "Variable", "IndexedSlices", "SparseTensor")

# Two right computations of one value differ by some rounding steps; these leave room for a few hundred.
_TOLERANCE = {
    "float16": (5e-3, 1e-4),
    "bfloat16": (4e-2, 1e-3),
    "float32": (1e-4, 1e-5),
    "complex64": (1e-4, 1e-5),
    "float64": (1e-9, 1e-11),
    "complex128": (1e-9, 1e-11),
}


def assert_close(
    actual: Any,
    desired: Any,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    dtype: str = "same",
    empty: bool = False,
    diagnosis: str = "",
) -> None:
    """The same structure, kind, shape and dtype, and values that are close.

    Args:
        actual: What the student's code gave.
        desired: What the reference gave.
        rtol: Relative tolerance; by dtype where None (float32: 1e-4, float64: 1e-9).
        atol: Absolute tolerance; by dtype where None (float32: 1e-5, float64: 1e-11).
        dtype: ``"same"``; ``"kind"`` accepts any dtype of the same kind (int32 for int64); ``"any"``.
        empty: Whether a reference without a single value is meant. Everything that is as empty passes then.
        diagnosis: Added to the message on failure.

    Raises:
        CheckFailed: With what differs, how much and where, and with what :func:`recognise` makes of it.
        TypeError: The reference gave no value to compare with, or one that cannot be compared.

    Right::

        def norm(x):
            return tf.reduce_sum(x * x, axis=1)

    Wrong::

        def norm(x):
            return tf.reduce_mean(x * x, axis=1)

    Check::

        def test_norm_values(student, reference, draw):
            x = draw.normal(3, 4)
            assert_close(student.norm(x), reference.norm(x))

    Message::

        The value is not the expected one. All values differ; kind, shape and dtype are right.
        got: …
    """
    __tracebackhide__ = True
    _compare(actual, desired, "", _Rules(rtol, atol, dtype, False, diagnosis))
    _assert_some(desired, empty)


def assert_equal(actual: Any, desired: Any, *, dtype: str = "same", empty: bool = False, diagnosis: str = "") -> None:
    """The same structure, kind, shape and dtype, and exactly the same values.

    Args:
        actual: What the student's code gave.
        desired: What the reference gave.
        dtype: As for :func:`assert_close`.
        empty: As for :func:`assert_close`.
        diagnosis: Added to the message on failure.

    Raises:
        CheckFailed: With what differs and where.
        TypeError: The reference gave no value to compare with, or one that cannot be compared.

    Right::

        def labels(scores):
            return tf.argmax(scores, axis=1)

    Wrong::

        def labels(scores):
            return tf.argmax(scores, axis=0)

    Check::

        def test_labels_values(student, reference, draw):
            scores = draw.normal(5, 3)
            assert_equal(student.labels(scores), reference.labels(scores), dtype="kind")

    Message::

        The shape is not the expected one.
        expected: (5,)
             got: (3,)
    """
    __tracebackhide__ = True
    _compare(actual, desired, "", _Rules(None, None, dtype, True, diagnosis))
    _assert_some(desired, empty)


def assert_shape(actual: Any, shape: Sequence[int], *, diagnosis: str = "") -> None:
    """A tensor or array of this shape.

    Args:
        actual: What the student's code gave.
        shape: Sizes of its axes.
        diagnosis: Added to the message on failure.

    Raises:
        CheckFailed: It is none, or has another shape.

    Right::

        def flat(images):
            return tf.reshape(images, (tf.shape(images)[0], -1))

    Wrong::

        def flat(images):
            return tf.reshape(images, (-1,))

    Check::

        def test_flat_shape(student, reference, draw):
            assert_shape(student.flat(draw.uniform(5, 4, 4)), (5, 16))

    Message::

        The shape is not the expected one.
        expected: (5, 16)
             got: (80,)
    """
    __tracebackhide__ = True
    if not isinstance(actual, Tensor):
        fail(f"A tensor is expected here, and {describe(actual, values=False)} came.", diagnosis=diagnosis)
    if actual.shape != tuple(shape):
        fail("The shape is not the expected one.", expected(tuple(shape), actual.shape), diagnosis)


def assert_dtype(actual: Any, dtype: str, *, diagnosis: str = "") -> None:
    """A tensor or array of this dtype.

    Args:
        actual: What the student's code gave.
        dtype: Such as ``"float32"``.
        diagnosis: Added to the message on failure.

    Raises:
        CheckFailed: It is none, or has another dtype.

    Right::

        def scaled(pixels):
            return tf.cast(pixels, tf.float32) / 255

    Wrong::

        def scaled(pixels):
            return pixels / 255

    Check::

        def test_scaled_dtype(student, reference, draw):
            assert_dtype(student.scaled(draw.integers(3, 3, high=256)), "float32")

    Message::

        The dtype is not the expected one: float32 is expected, and float64 came.
    """
    __tracebackhide__ = True
    if not isinstance(actual, (Tensor, Ragged)):
        fail(f"A tensor is expected here, and {describe(actual, values=False)} came.", diagnosis=diagnosis)
    if actual.dtype != dtype:
        fail(f"The dtype is not the expected one: {dtype} is expected, and {actual.dtype} came.", "", diagnosis)


def assert_kind(actual: Any, kind: str, *, diagnosis: str = "") -> None:
    """A value of this kind.

    Args:
        actual: What the student's code gave.
        kind: ``"Tensor"``, ``"Variable"``, ``"RaggedTensor"``, ``"SparseTensor"``, ``"ndarray"``, ``"number"``,
            ``"tuple"``, ``"list"``…
        diagnosis: Added to the message on failure.

    Raises:
        CheckFailed: It is of another kind.

    Right::

        def weights(n):
            return tf.Variable(tf.zeros(n))

    Wrong::

        def weights(n):
            return tf.zeros(n)

    Check::

        def test_weights_kind(student, reference, draw):
            assert_kind(student.weights(3), "Variable")

    Message::

        A tf.Variable is expected here, and a tf.Tensor of dtype float32 came.
    """
    __tracebackhide__ = True
    if kind_of(actual) != kind:
        wanted = KIND_NAMES.get(kind, f"a {kind}")
        usual = of_kind(actual) if kind in _TENSORS else ""
        told = f"{capital(wanted)} is expected here, and {describe(actual, values=False)} came."
        fail(told, "", diagnosis or usual)


def assert_finite(actual: Any, *, diagnosis: str = "") -> None:
    """Numbers or tensors of numbers, in any structure, without nan and inf.

    Args:
        actual: What the student's code gave.
        diagnosis: Added to the message on failure.

    Raises:
        CheckFailed: There is nan or inf somewhere, or something that is no number.

    Right::

        def entropy(p):
            return -tf.reduce_sum(tf.math.xlogy(p, p))

    Wrong::

        def entropy(p):
            return -tf.reduce_sum(p * tf.math.log(p))

    Check::

        def test_entropy_of_certainty(student, reference, draw):
            assert_finite(student.entropy(np.array([1.0, 0.0], "float32")))

    Message::

        The value holds nan where a finite number is expected.
        got: nan
        nan comes of 0/0, 0 times inf …
    """
    __tracebackhide__ = True
    _finite(actual, "", diagnosis)


def assert_device(devices: Any, device: str, *, diagnosis: str = "") -> None:
    """Every tensor of a result lies on this device.

    Args:
        devices: What ``student.f.devices(…)`` gave.
        device: Such as ``"CPU:1"``. (``devices = 2`` in ``settings.toml`` makes two logical ones.)
        diagnosis: Added to the message on failure.

    Raises:
        CheckFailed: One lies on another, or there is none.

    Right::

        def moved(x):
            with tf.device("CPU:1"):
                return x + 0

    Wrong::

        def moved(x):
            return x + 0

    Check::

        def test_moved_device(student, reference, draw):
            assert_device(student.moved.devices(draw.normal(3)), "CPU:1")

    Message::

        The result is on another device than expected.
        expected: CPU:1
             got: CPU:0
    """
    __tracebackhide__ = True
    found = _leaves(devices)
    if not found or any(place is None for place in found):
        fail("A tensor is expected here, which lies on a device, and something else came.", "", diagnosis)
    other = [place for place in found if place != device]
    if other:
        fail("The result is on another device than expected.", expected(device, short(str(other[0]))), diagnosis)


def assert_arguments_kept(actual: Sequence[Any], desired: Sequence[Any], *, diagnosis: str = "") -> None:
    """The function has left what it was given as the reference leaves it.

    Args:
        actual: What ``student.f.arguments_after(…)`` gave.
        desired: Likewise of the reference.
        diagnosis: Added to the message on failure.

    Raises:
        CheckFailed: An argument holds something else now.

    Right::

        def normalised(v):
            return v / tf.norm(v)

    Wrong::

        def normalised(v):
            v.assign(v / tf.norm(v))
            return tf.identity(v)

    Check::

        def test_normalised_keeps(student, reference, draw):
            v = as_variable(draw.normal(4))
            asked = student.normalised.arguments_after(v), reference.normalised.arguments_after(v)
            assert_arguments_kept(*asked)

    Message::

        Argument 1 is changed by the call; whoever handed it in still uses it.
    """
    __tracebackhide__ = True
    if len(actual) != len(desired):
        fail("The arguments of the call are no longer as many.")
    for number, (mine, theirs) in enumerate(zip(actual, desired, strict=True), 1):
        try:
            _compare(mine, theirs, "", _Rules(None, None, "same", True, ""))
        except CheckFailed:
            fail(f"Argument {number} is changed by the call; whoever handed it in still uses it.", "", diagnosis)


def assert_raises(call: Callable[..., Any], *args: Any, error: str | tuple[str, ...], **kwargs: Any) -> None:
    """Calling the student's function with these arguments raises an error of one of these names.

    Args:
        call: Such as ``student.safe_log``.
        *args: Its arguments.
        error: Name of the exception class, or of a base class of it; or several.
        **kwargs: Its keyword arguments.

    Raises:
        CheckFailed: Nothing was raised, or something else.

    Right::

        def safe_log(x):
            if tf.reduce_any(x <= 0):
                raise ValueError("only positive numbers have a logarithm")
            return tf.math.log(x)

    Wrong::

        def safe_log(x):
            return tf.math.log(x)

    Check::

        def test_safe_log_refuses(student, reference, draw):
            assert_raises(student.safe_log, -draw.uniform(3, low=1, high=2), error="ValueError")

    Message::

        It should raise ValueError here, and it raises nothing.
    """
    __tracebackhide__ = True
    wanted = (error,) if isinstance(error, str) else error
    try:
        call(*args, **kwargs)
    except CallFailed as raised:
        if raised.failure.ename == "NotImplementedError" or raised.reference:
            raise
        if not {raised.failure.ename, *raised.failure.bases} & set(wanted):
            fail(
                f"It raises an error, but not {' or '.join(wanted)}.",
                f"It raised {raised.failure.ename}: {raised.failure.evalue}",
            )
        return
    fail(f"It should raise {' or '.join(wanted)} here, and it raises nothing.")


# ---- comparing ---------------------------------------------------------------------------------------


class _Rules:
    """How strictly to compare."""

    def __init__(self, rtol: float | None, atol: float | None, dtype: str, exact: bool, diagnosis: str) -> None:
        if dtype not in ("same", "kind", "any"):
            raise ValueError(f'dtype is "same", "kind" or "any", not {dtype!r}')
        self.rtol, self.atol, self.dtype, self.exact, self.diagnosis = rtol, atol, dtype, exact, diagnosis

    def told(self, diagnosis: str) -> _Rules:
        """The same rules, with a diagnosis where the check gave none."""
        if self.diagnosis or not diagnosis:
            return self
        return _Rules(self.rtol, self.atol, self.dtype, self.exact, diagnosis)

    def tolerance(self, dtype: str) -> tuple[float, float]:
        rtol, atol = (0.0, 0.0) if self.exact else _TOLERANCE.get(dtype, (0.0, 0.0))
        return (rtol if self.rtol is None else self.rtol, atol if self.atol is None else self.atol)


def _assert_some(desired: Any, empty: bool) -> None:
    __tracebackhide__ = True
    if not empty and not _holds_a_value(desired):
        raise TypeError(
            "the reference gave no value at all, so that every empty answer would pass; "
            "draw other inputs, or say empty=True where that is what is asked"
        )


def _holds_a_value(desired: Any) -> bool:
    if isinstance(desired, Tensor):
        return desired.array.size > 0
    if isinstance(desired, dict):
        return any(map(_holds_a_value, desired.values()))
    if isinstance(desired, (tuple, list)):
        return any(map(_holds_a_value, desired))
    return True


def _compare(actual: Any, desired: Any, where: str, rules: _Rules) -> None:
    __tracebackhide__ = True
    if isinstance(desired, Tensor):
        _compare_tensors(actual, desired, where, rules)
    elif isinstance(desired, Ragged):
        _compare_ragged(actual, desired, where, rules)
    elif isinstance(desired, (tuple, list)):
        if not isinstance(actual, (tuple, list)):
            _wrong_kind(actual, desired, where, rules)
        if len(actual) != len(desired):
            fail(
                f"{place(where)} has another number of parts than expected.",
                expected(f"{len(desired)} parts", f"{len(actual)} parts"),
                rules.diagnosis,
            )
        try:
            for index, (mine, theirs) in enumerate(zip(actual, desired, strict=True)):
                _compare(mine, theirs, f"{where}[{index}]", rules)
        except CheckFailed as failed:
            of_all = "" if rules.diagnosis else signature(actual, desired).told
            fail(failed.summary, failed.detail, of_all or failed.diagnosis, failed.got)
    elif isinstance(desired, dict):
        if not isinstance(actual, dict):
            _wrong_kind(actual, desired, where, rules)
        if set(actual) != set(desired):
            missing = sorted(map(repr, set(desired) - set(actual)))
            extra = sorted(map(repr, set(actual) - set(desired)))
            parts = ["missing: " + ", ".join(missing)] * bool(missing) + ["not expected: " + ", ".join(extra)] * bool(
                extra
            )
            fail(f"{place(where)} has other keys than expected.", short("; ".join(parts)), rules.diagnosis)
        for key, theirs in desired.items():
            _compare(actual[key], theirs, f"{where}[{key_text(key)}]", rules)
    elif type(desired) is bool or desired is None or isinstance(desired, (str, bytes)):
        same_type = type(actual) is type(desired)
        if isinstance(actual, Tensor) and type(desired) is bool and actual.shape == () and actual.dtype == "bool":
            actual, same_type = bool(actual.array), True
        if not same_type:
            _wrong_kind(actual, desired, where, rules)
        if actual != desired:
            _wrong_value(f"{place(where)} is not the expected one.", repr(desired), repr(actual), rules)
    elif isinstance(desired, (int, float)):
        _compare_numbers(actual, desired, where, rules)
    elif isinstance(desired, Opaque):
        raise TypeError(f"the reference gave a {desired.type_name}, which cannot be compared")
    else:
        raise TypeError(f"cannot compare with a {type(desired).__name__}")


def _compare_numbers(actual: Any, desired: float, where: str, rules: _Rules) -> None:
    """A Python number is asked: numpy's scalars and tensors of rank 0 will do."""
    __tracebackhide__ = True
    if isinstance(actual, Tensor) and actual.shape == () and actual.dtype not in ("bool", "string"):
        number: Any = actual.array.item()
    else:
        number = actual
    if type(number) not in (int, float):
        _wrong_kind(actual, desired, where, rules)
    rtol, atol = rules.tolerance("float32" if isinstance(actual, Tensor) else "float64")
    if type(desired) is int and rules.rtol is None and rules.atol is None:
        rtol = atol = 0.0
    if not _numbers_close(number, desired, rtol, atol):
        told = rules.told(signature(number, desired).told)
        _wrong_value(f"{place(where)} is not the expected one.", repr(desired), repr(number), told)


def _numbers_close(number: float, desired: float, rtol: float, atol: float) -> bool:
    if number == desired or (number != number and desired != desired):  # nan only where the reference has it
        return True
    try:
        return math.isfinite(desired) and abs(number - desired) <= atol + rtol * abs(desired)
    except OverflowError:  # an int too large for a float
        return False


def _compare_tensors(actual: Any, desired: Tensor, where: str, rules: _Rules) -> None:
    __tracebackhide__ = True
    if not isinstance(actual, Tensor):
        _wrong_kind(actual, desired, where, rules)
    if desired.kind in _TENSORS and actual.kind not in _TENSORS:
        _wrong_kind(actual, desired, where, rules)
    if (desired.kind == "SparseTensor") != (actual.kind == "SparseTensor"):
        _wrong_kind(actual, desired, where, rules)
    if actual.shape != desired.shape:
        fail(
            f"{place(where, 'The shape')} is not the expected one.",
            expected(desired.shape, actual.shape),
            rules.diagnosis or signature(actual, desired).told,
        )
    _compare_dtypes(actual, desired, where, rules)
    if desired.array.size == 0:
        return
    mine, theirs = actual.array, desired.array
    if theirs.dtype == object or mine.dtype == object:
        wrong = np.array([a != b for a, b in zip(mine.ravel(), theirs.ravel(), strict=True)]).reshape(theirs.shape)
        errors = ""
    else:
        wrong, errors = _mismatch(mine, theirs, rules.tolerance(desired.dtype))
    if not wrong.any():
        return
    if errors and not np.isfinite(mine[np.isfinite(theirs)]).all():
        bad = "nan" if np.isnan(mine).any() else "inf"
        told = f"{place(where)} holds {bad} where a finite number is expected."
        rules = rules.told(_NOT_FINITE[bad])
        _wrong_value(told, values_text(theirs), values_text(mine), rules)
    found = signature(actual, desired)
    rules = rules.told(found.told)
    if rules.diagnosis == found.told and found.more:
        errors += f".\n{found.more.removesuffix('.')}"
    first = tuple(int(index) for index in np.argwhere(wrong)[0])
    count = f"{int(wrong.sum())} of {wrong.size} values differ"
    at = f"; first at index {list(first)}" if first else ""
    whole = "All values differ" if wrong.all() else "Some values differ"
    told = f"{place(where)} is not the expected one. {whole}; kind, shape and dtype are right."
    _wrong_value(told, values_text(theirs), values_text(mine), rules, f"{count}{at}", errors)


def _compare_dtypes(actual: Tensor, desired: Tensor, where: str, rules: _Rules) -> None:
    __tracebackhide__ = True
    if not _same_dtype(actual, desired, rules.dtype):
        fail(
            f"{place(where, 'The dtype')} is not the expected one: {desired.dtype} expected, {actual.dtype} came.",
            "",
            rules.diagnosis or of_dtype(actual.dtype, desired.dtype),
        )


def _compare_ragged(actual: Any, desired: Ragged, where: str, rules: _Rules) -> None:
    """The number of ragged axes, the lengths of the rows on each, the dtype, and the values."""
    __tracebackhide__ = True
    if not isinstance(actual, Ragged):
        _wrong_kind(actual, desired, where, rules)
    if len(actual.splits) != len(desired.splits):
        fail(
            f"{place(where)} has another number of ragged axes than expected.",
            expected(len(desired.splits), len(actual.splits)),
            rules.diagnosis,
        )
    for mine, theirs in zip(actual.row_lengths, desired.row_lengths, strict=True):
        if mine != theirs:
            what = "rows of other lengths" if len(mine) == len(theirs) else "another number of rows"
            lengths = short(f"row lengths {list(theirs)}"), short(f"row lengths {list(mine)}")
            fail(f"{place(where)} has {what} than expected.", expected(*lengths), rules.diagnosis)
    _compare_tensors(actual.values, desired.values, where, rules)


def _finite(actual: Any, where: str, diagnosis: str) -> None:
    __tracebackhide__ = True
    if isinstance(actual, (list, tuple)):
        for index, part in enumerate(actual):
            _finite(part, f"{where}[{index}]", diagnosis)
        return
    if isinstance(actual, dict):
        for key, part in actual.items():
            _finite(part, f"{where}[{key_text(key)}]", diagnosis)
        return
    array = actual.values.array if isinstance(actual, Ragged) else actual.array if isinstance(actual, Tensor) else None
    if array is None and type(actual) in (int, float):
        array = np.asarray(actual)
    if array is None or array.dtype.kind not in "iufcb":
        at = f"In part {where} of the result: " if where else ""
        fail(f"{at}Numbers are expected here, and {describe(actual, values=False)} came.", "", diagnosis)
    if not np.isfinite(array).all():
        bad = "nan" if np.isnan(array).any() else "inf"
        fail(
            f"{place(where)} holds {bad} where a finite number is expected.",
            f"got: {short(values_text(array))}",
            diagnosis or _NOT_FINITE[bad],
        )


_NOT_FINITE = {
    "nan": "nan comes of 0/0, 0 times inf, inf − inf, and of roots and logarithms of negative numbers.",
    "inf": "inf comes of a division by 0, the logarithm of 0, and of exponentials of large numbers.",
}


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, (list, tuple)):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value]


def _wrong_value(summary: str, desired: str, actual: str, rules: _Rules, count: str = "", errors: str = "") -> NoReturn:
    """Fail with both values, and with a second text without anything that the expected one could be told from."""
    __tracebackhide__ = True
    values = expected(short(desired), short(actual))
    full, got = (f"{values}\n{count}{errors}.", f"got: {short(actual)}\n{count}.") if count else (values, "")
    fail(summary, full, rules.diagnosis, got or f"got: {short(actual)}")


def _mismatch(mine: Any, theirs: Any, tolerance: tuple[float, float]) -> tuple[Any, str]:
    """Which values differ, and a phrase on how much."""
    wide = np.complex128 if theirs.dtype.kind == "c" or mine.dtype.kind == "c" else np.float64
    if theirs.dtype.kind in "iub" and mine.dtype.kind in "iub" and tolerance == (0.0, 0.0):
        return mine != theirs, ""
    a, b = mine.astype(wide), theirs.astype(wide)
    rtol, atol = tolerance
    with np.errstate(all="ignore"):
        close = (a == b) | (np.abs(a - b) <= atol + rtol * np.abs(b)) & np.isfinite(b)
        close |= np.isnan(a) & np.isnan(b)  # where the reference itself has none
        difference = np.abs(a - b)
        relative = difference / np.abs(b)
    largest = np.fmax.reduce(np.ravel(difference), initial=0.0)  # blind to nan
    known = relative[np.isfinite(relative)]
    phrase = f"; largest absolute error {largest:.3g}"
    if known.size:
        phrase += f", largest relative error {known.max():.3g}"
    return ~close, phrase


def _same_dtype(actual: Tensor, desired: Tensor, rule: str) -> bool:
    if rule == "any" or actual.dtype == desired.dtype:
        return True
    kinds = {"i": "int", "u": "int", "f": "float", "c": "complex", "b": "bool", "O": "string"}
    return rule == "kind" and kinds[actual.array.dtype.kind] == kinds[desired.array.dtype.kind]


def _wrong_kind(actual: Any, desired: Any, where: str, rules: _Rules) -> NoReturn:
    __tracebackhide__ = True
    wanted = KIND_NAMES.get(kind_of(desired), f"a {kind_of(desired)}")
    if actual is None:
        told = f"{capital(wanted)} is expected, and None came. Did you forget a return?"
    else:
        told = f"{capital(wanted)} is expected, and {describe(actual, values=False)} came."
    if where:
        told = f"In part {where} of the result: {told}"
    usual = of_kind(actual) if isinstance(desired, Tensor) and desired.kind in _TENSORS else ""
    fail(told, f"got: {describe(actual)}" if isinstance(actual, Opaque) else "", rules.diagnosis or usual)
