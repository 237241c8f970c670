"""What a wrong result looks like: the traces that common mistakes leave in the values.

No sentence of :func:`recognise` holds a number of the expected result: who hands in again is checked with the same
inputs. How large a factor or a difference is, only the ``more`` of a :class:`Signature` tells, for a student's own
notebook, which has the expected values beside it anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import Failure
from ..wire import Tensor

_MOST_SUMMANDS = 4096  # a factor of one over a whole number up to this may be a mean
_MOST_FOR_ONE_VALUE = 64  # … and for a single value, where large whole numbers come near any ratio


@dataclass(frozen=True)
class Signature:
    """What a mistake's traces say.

    Args:
        told: A sentence on the kind of the mistake, without any value.
        more: How large it is; ``""`` where there is nothing to add.
    """

    told: str
    more: str = ""


def recognise(actual: Any, desired: Any = None, known: Mapping[str, Any] | None = None) -> str:
    """Which mistake a wrong result looks like, for the ``diagnosis`` of a check; ``""`` where none is recognised.

    Args:
        actual: What the student's code gave.
        desired: What the reference gave; None to compare with ``known`` alone.
        known: Results of mistakes that the check's author knows: a sentence for the student → what the mistake gives
            for these inputs, as an array.

    Returns:
        The sentence of the first result of ``known`` that ``actual`` is close to; else a sentence on how it
        differs from ``desired``: its negative, a mean where the sum is asked, transposed, rounded …

    Right::

        def squares(x):
            return x * x

    Wrong::

        def squares(x):
            return x @ x

    Check::

        def test_squares_values(student, reference, draw):
            x = draw.normal(3, 3)
            actual, desired = student.squares(x), reference.squares(x)
            known = {"This is the matrix product of x with itself.": x @ x}
            assert_close(actual, desired, diagnosis=recognise(actual, desired, known))

    Message::

        The value is not the expected one. All values differ; kind, shape and dtype are right.
        got: …
        This is the matrix product of x with itself.
    """
    for sentence, values in (known or {}).items():
        mine, theirs = _numbers(actual), _numbers(values)
        if mine is not None and theirs is not None and mine.shape == theirs.shape and _close(mine, theirs):
            return sentence
    return signature(actual, desired).told if desired is not None else ""


def signature(actual: Any, desired: Any) -> Signature:
    """The first signature that fits two different results, of arrays or of lists of them."""
    if isinstance(desired, (list, tuple)) and isinstance(actual, (list, tuple)) and len(actual) == len(desired):
        return _of_parts(actual, desired)
    mine, theirs = _numbers(actual), _numbers(desired)
    if mine is None or theirs is None or not mine.size or not theirs.size:
        return Signature("")
    with np.errstate(all="ignore"):  # squares and ratios of large numbers
        found = _of_shapes(mine, theirs) if mine.shape != theirs.shape else _of_values(mine, theirs)
        return next(found, Signature(""))


def _of_parts(actual: Any, desired: Any) -> Signature:
    mine, theirs = [list(map(_numbers, parts)) for parts in (actual, desired)]
    if len(mine) < 2 or any(part is None for part in (*mine, *theirs)):
        return Signature("")
    if len({part.shape for part in (*mine, *theirs)}) == 1:
        same_for_all = all(_close(part, mine[0]) for part in mine)
        if same_for_all and not all(_close(part, theirs[0]) for part in theirs):
            return Signature("Your result is the same for different inputs: is it computed from them?")
    if all(a.shape == b.shape and _close(a, b) for a, b in zip(mine, theirs[::-1], strict=True)):
        return Signature("The parts are right, but in the opposite order.")
    return Signature("")


# ---- one shape -----------------------------------------------------------------------------------------


def _of_values(mine: Any, theirs: Any) -> Iterator[Signature]:
    if _close(mine, theirs):  # a near miss, which would look like many things
        yield from _rounded(mine, theirs)
        return
    varied = theirs.size > 1 and not _close(theirs, np.full_like(theirs, theirs.flat[0]))
    if _close(mine, -theirs):
        yield Signature("The sign is the opposite one everywhere.")
    if varied:
        yield from _in_another_place(mine, theirs)
    yield from _one_factor(mine, theirs, varied)
    if varied:
        offset = mine.flat[0] - theirs.flat[0]
        if _close(mine - offset, theirs):
            more = f"Every value is the expected one plus {offset:.4g}."
            yield Signature("Every value is off by the same amount: something is added or left out everywhere.", more)
        if mine.size > 2 and _close(mine, np.full_like(mine, mine.flat[0])):
            yield Signature("All your values are the same: does each depend on its own input?")
    yield from _transformed(mine, theirs)
    if varied and theirs.size > 2 and _close(np.sort(mine, None), np.sort(theirs, None)):
        yield Signature("The values are right, but in another order.")


def _in_another_place(mine: Any, theirs: Any) -> Iterator[Signature]:
    if theirs.ndim > 1 and theirs.shape[-1] == theirs.shape[-2] and _close(mine, np.swapaxes(theirs, -1, -2)):
        yield Signature("Rows and columns are swapped: this is the transposed result.")
    for axis in range(theirs.ndim):
        if theirs.shape[axis] < 2:
            continue
        if _close(mine, np.flip(theirs, axis)):
            yield Signature("The values are right, but an axis runs in the opposite direction.")
        elif theirs.shape[axis] > 2 and (
            _close(mine, np.roll(theirs, 1, axis)) or _close(mine, np.roll(theirs, -1, axis))
        ):
            yield Signature("The values are right, but shifted by one place.")


def _one_factor(mine: Any, theirs: Any, varied: bool) -> Iterator[Signature]:
    largest = np.abs(theirs).argmax()
    if not abs(theirs.flat[largest]) or not abs(mine.flat[largest]):
        return
    if np.iscomplexobj(mine) or np.iscomplexobj(theirs):
        return
    if not varied and not (mine % 1).any() and not (theirs % 1).any():  # small whole numbers are often such multiples
        return
    factor = mine.flat[largest] / theirs.flat[largest]
    if not np.isfinite((factor, 1 / factor)).all() or not _close(mine, factor * theirs):
        return
    more = f"Every value is {factor:.4g} times the expected one."
    sign = " And the sign is the opposite one." if factor < 0 else ""
    limit = _MOST_SUMMANDS if varied else _MOST_FOR_ONE_VALUE
    if _whole(1 / factor, limit):
        told = "This is the right result divided by a whole number: a mean where a sum is asked, or a factor left out?"
        yield Signature(told + sign, more)
    elif _whole(factor, limit):
        told = "This is the right result times a whole number: a sum where a mean is asked, or one factor too many?"
        yield Signature(told + sign, more)
    elif varied:
        told = "Every value is the right one times the same factor: a factor is left out, or one too many."
        yield Signature(told + sign, more)


def _whole(number: float, most: int) -> bool:
    nearest = round(abs(number))
    return 2 <= nearest <= most and abs(abs(number) - nearest) <= 1e-4 * nearest


def _transformed(mine: Any, theirs: Any) -> Iterator[Signature]:
    if np.iscomplexobj(mine) or np.iscomplexobj(theirs):
        return
    if _close(mine, np.abs(theirs)):
        yield Signature("These are the absolute values: signs are lost.")
    if _close(mine, np.maximum(theirs, 0)) and (mine > 0).any():
        yield Signature("Negative values have become zero.")
    if theirs.size > 1:
        if _close(mine, theirs**2):
            yield Signature("These are the squares of the expected values.")
        if (theirs >= 0).all() and _close(mine, np.sqrt(theirs)):
            yield Signature("These are the square roots of the expected values.")
    yield from _rounded(mine, theirs)


def _rounded(mine: Any, theirs: Any) -> Iterator[Signature]:
    if np.iscomplexobj(mine) or np.iscomplexobj(theirs):
        return
    for rounding in (np.round, np.trunc, np.floor):
        if rounding is np.round and theirs.size == 1 and (np.abs(theirs) < 1).all():
            continue  # a single share that is 1 by mistake was hardly rounded
        if np.array_equal(mine, rounding(theirs)):
            yield Signature("The values are rounded to whole numbers: is a whole-number dtype or division in the way?")
    for decimals in (1, 2, 3):
        if theirs.size > 1 and np.allclose(mine, np.round(theirs, decimals), rtol=1e-6, atol=1e-7):
            yield Signature("The values are rounded: give all the digits.")


# ---- another shape -------------------------------------------------------------------------------------


def _of_shapes(mine: Any, theirs: Any) -> Iterator[Signature]:
    if mine.shape == theirs.shape[::-1] and min(theirs.shape, default=1) > 1 and _close(mine.T, theirs):
        yield Signature("Rows and columns are swapped: this is the transposed result.")
    if mine.size == theirs.size and _close(mine.ravel(), theirs.ravel()):
        if mine.ndim != theirs.ndim and np.squeeze(mine).shape == np.squeeze(theirs).shape:
            what = "is too many" if mine.ndim > theirs.ndim else "is missing"
            yield Signature(f"The values are right, but an axis of size 1 {what}.")
        yield Signature("The values are right, but in another shape.")
    if any(_close(reduced, theirs) for reduced in _reduced(mine, theirs.shape)):
        yield Signature("The values are those before the last reduction: one axis is still to be reduced.")
    if any(_close(mine, reduced) for reduced in _reduced(theirs, mine.shape)):
        yield Signature("One axis is reduced (summed or averaged) that should stay.")
    if mine.shape == () and (_close(mine, theirs.sum()) or _close(mine, theirs.mean())):
        yield Signature("Everything is reduced to one number (summed or averaged), where some axes should stay.")


def _reduced(array: Any, shape: tuple[int, ...]) -> list[Any]:
    """The sums and means over one axis that have a shape."""
    axes = [axis for axis in range(array.ndim) if array.shape[:axis] + array.shape[axis + 1 :] == shape]
    return [reduced for axis in axes for reduced in (array.sum(axis), array.mean(axis))]


# ---- kinds, dtypes, errors -----------------------------------------------------------------------------


def of_kind(actual: Any) -> str:
    """What came where a tensor is expected, as a mistake that one makes; ``""`` where none is known."""
    if isinstance(actual, Tensor) and actual.kind in ("ndarray", "numpy scalar"):
        return "numpy's functions and .numpy() lead out of TensorFlow: no tape and no graph can follow them there."
    if isinstance(actual, (int, float)) and not isinstance(actual, bool):
        return "float(), int() and .item() lead out of TensorFlow: no tape and no graph can follow them there."
    if isinstance(actual, (list, tuple)) and actual:
        return "tf.stack makes one tensor of a list of tensors, tf.constant one of a list of numbers."
    return ""


def of_dtype(actual: str, desired: str) -> str:
    """What another dtype than the expected one comes from; ``""`` where nothing is known."""
    if actual == "float64" and desired in ("float32", "float16", "bfloat16"):
        return "numpy makes float64 of Python's floats: give a dtype, or keep the input's with tf.cast(…, x.dtype)."
    if actual == "float32" and desired in ("float64", "float16", "bfloat16"):
        return "Somewhere the dtype is fixed to float32: keep the input's, x.dtype."
    if "int" in actual and "float" in desired:
        return "Whole numbers stay whole numbers until they are cast: tf.cast."
    if "float" in actual and "int" in desired:
        return "A division, a mean or a float constant makes floats of whole numbers."
    return ""


_ERRORS: tuple[tuple[str, str], ...] = (
    (
        r"must be evenly divisible|requires a multiple of",
        "A reshape uses every element of its input: here no whole number can stand for the -1.",
    ),
    (
        r"Input to reshape is a tensor with|Cannot reshape a tensor",
        "A shape is fixed that depends on the input: one size of a reshape can be -1, others come from tf.shape(x).",
    ),
    (
        r"ndims must be >= 2",
        "@ and tf.matmul multiply two matrices; tf.linalg.matvec multiplies a matrix and a vector.",
    ),
    (
        r"Value for attr 'T' of bool",
        "True and False are no numbers to TensorFlow: tf.cast makes 1 and 0 of them.",
    ),
    (
        r"must have rank \(ndim\) `target\.ndim - 1`",
        "Are two arguments swapped? The losses and metrics of Keras take the labels first, then the predictions.",
    ),
    (
        r"non-persistent GradientTape can only be used",
        "A tape forgets everything with its first gradient: ask for all sources at once, or make it persistent.",
    ),
    (
        r"object has no attribute '_id'|Cannot convert the argument `type_value`",
        "A tape gives gradients of tensors alone: .numpy(), float() and numpy's functions lead out of TensorFlow.",
    ),
    (
        r"expected to be a \w+ tensor but is a|Incompatible type conversion|cannot compute \w+ as input",
        "Two dtypes meet here: TensorFlow never converts one by itself. Which of them should tf.cast change?",
    ),
    (
        r"Incompatible shapes|Dimensions must be equal|Matrix size-incompatible|required broadcastable shapes",
        "Two shapes meet that do not fit: print both. Does one of them need another axis, or to be transposed?",
    ),
    (
        r"'NoneType' object|and 'NoneType'|'NoneType' and|None values not|Attempt to convert a value \(None\)",
        "Something is None here: a function without a return, a gradient that the tape did not find, or an "
        "argument that was left out?",
    ),
    (
        r"has no attribute '(astype|reshape|T|sum|mean|size|ravel|tolist|flatten)'",
        "That is a method of numpy's arrays; tensors have functions instead, such as tf.cast and tf.reshape.",
    ),
    (
        r"does not support item assignment",
        "A tensor cannot be changed: make a new one, or a tf.Variable and its assign.",
    ),
    (
        r"Using a symbolic `?tf\.Tensor`? as a Python `?bool|iterating over a symbolic|not allowed in Graph",
        "In a graph a tensor has no value yet: tf.cond, tf.where or tf.while_loop decide and repeat there.",
    ),
    (
        r"is out of scope and cannot be used here",
        "A tensor of a graph is gone once its function, loop or branch is over: hand it on with return, and keep none "
        "in a list or a name outside.",
    ),
    (
        r"([Ss]ymbolic|'Tensor' object).*(numpy|array)|NotImplementedError: numpy\(\)",
        "In a graph there is nothing that numpy could work on: stay with TensorFlow's functions.",
    ),
)


def of_error(failure: Failure) -> str:
    """What an error of the student's code comes from, in the terms of the course; ``""`` where nothing is known."""
    for pattern, told in _ERRORS:
        if re.search(pattern, failure.evalue[:2000]):
            return told
    return ""


# ---- numbers -------------------------------------------------------------------------------------------


def _numbers(value: Any) -> Any:
    """The values as float64 or complex128; None where they are no finite numbers."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.ndarray, np.generic, Tensor)):
        return None
    array = np.asarray(value.array if isinstance(value, Tensor) else value)
    if array.dtype.kind not in "iufc":
        return None
    array = array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)
    return array if np.isfinite(array).all() else None


def _close(mine: Any, theirs: Any) -> bool:
    scale = float(np.abs(theirs).max(initial=0.0))
    return bool(np.allclose(mine, theirs, rtol=1e-3, atol=1e-4 * scale)) if scale else bool((mine == 0).all())
