"""What checks send: arguments as data for the wire, and as text for messages."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..spec import Spec
from ..wire import Ragged, Tensor


def as_variable(value: Any) -> Tensor:
    """An array that is to arrive as a ``tf.Variable``."""
    return Tensor(_array(np.asarray(value)), "Variable")


def as_ndarray(value: Any) -> Tensor:
    """An array that is to arrive as a numpy array."""
    return Tensor(_array(np.asarray(value)), "ndarray")


def as_sparse(value: Any) -> Tensor:
    """A dense array that is to arrive as a ``tf.SparseTensor`` of what is not 0 in it."""
    return Tensor(np.asarray(value), "SparseTensor")


def as_ragged(rows: Sequence[Any], dtype: str = "") -> Ragged:
    """Nested lists that are to arrive as a ``tf.RaggedTensor``.

    Args:
        rows: Lists of unequal length, or arrays; every innermost item is at the same depth.
        dtype: Of the values; ``""`` for what numpy makes of them, with float32 and int32 for Python's numbers.
    """
    level: list[Any] = list(rows)
    splits = []
    while level and all(isinstance(row, (list, tuple, np.ndarray)) for row in level):
        splits.append(np.cumsum([0, *map(len, level)]).astype("int64"))
        level = [item for row in level for item in row]
    if not splits:
        raise TypeError(f"rows are a list of lists, not {rows!r:.100}")
    values = _array(np.asarray(level))
    usual = {"float64": "float32", "int64": "int32"}.get(values.dtype.name, "") if not _numpy(rows) else ""
    return Ragged(Tensor(values.astype(dtype or usual or values.dtype)), tuple(splits))


def _numpy(rows: Any) -> bool:
    """Whether nested lists hold something of numpy's, which has a dtype of its own."""
    if isinstance(rows, (list, tuple)):
        return any(map(_numpy, rows))
    return isinstance(rows, (np.ndarray, np.generic))


def _array(array: Any) -> Any:
    """An array as it can be sent: text as an object array of bytes."""
    if array.dtype.kind in "SU":
        encoded = np.empty(array.size, dtype=object)
        encoded[:] = [item.encode() if isinstance(item, str) else bytes(item) for item in array.ravel()]
        return encoded.reshape(array.shape)
    return array


def sendable(value: Any) -> Any:
    """An argument as data that crosses the wire."""
    if isinstance(value, Spec):
        return sendable(value.as_data())
    if isinstance(value, (np.ndarray, np.generic)):
        return Tensor(_array(np.asarray(value)))
    if isinstance(value, tuple):
        return tuple(sendable(item) for item in value)
    if isinstance(value, list):
        return [sendable(item) for item in value]
    if isinstance(value, dict):
        return {key: sendable(item) for key, item in value.items()}
    return value


_SHOWN = 16  # values of an array in the text of a call
_SHOWN_OF_FEW = 5  # items of anything where few are told; of what has more, three
_FEW = 3
_TEXT_OF_FEW = 40  # characters of a text


def describe_call(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
    """A call as a line of code that can be read, with large arrays shortened."""
    return f"{name}({describe_inputs(args, kwargs)})"


def describe_inputs(args: tuple[Any, ...], kwargs: Mapping[str, Any], *, few: bool = False) -> str:
    """What stands in the parentheses of :func:`describe_call`.

    Args:
        args: Its arguments.
        kwargs: Those by name.
        few: Whether to tell three items only of every array, list and dict that has more than five.
    """
    told = _items(list(args), few, lambda arg: _shown(arg, few))
    return ", ".join(told + [f"{key}={_shown(value, few)}" for key, value in kwargs.items()])


def _items(values: Sequence[Any], few: bool, text: Callable[[Any], str]) -> list[str]:
    """The text of each value, or of the first ones and how many there are besides."""
    if not few or len(values) <= _SHOWN_OF_FEW:
        return [text(value) for value in values]
    return [*(text(value) for value in values[:_FEW]), f"… and {len(values) - _FEW} more"]


def _rows_text(value: Ragged) -> str:
    rows: list[Any] = value.values.array.tolist()
    if len(rows) > _SHOWN:
        return f"{len(value.splits[0]) - 1} rows"
    for split in reversed(value.splits):
        rows = [rows[start:end] for start, end in itertools.pairwise(split)]
    return str(rows)


def _shown(value: Any, few: bool = False) -> str:
    if isinstance(value, Tensor):
        text = _shown(value.array, few)
        return f"tf.Variable({text})" if value.kind == "Variable" else text
    if isinstance(value, Ragged):
        return f"tf.ragged.constant({_rows_text(value)}) ({value.dtype})"
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        if array.size > (_SHOWN_OF_FEW if few else _SHOWN):
            first = array.ravel()[: _FEW if few else _SHOWN // 2]
            text = f"[{', '.join(str(item) for item in first)}, …]"
        else:
            text = re.sub(r"(?<=\[)\s+|\s+(?=[,\]])", "", " ".join(np.array2string(array, separator=", ").split()))
        return f"{text} ({array.dtype}, shape {array.shape})"
    if isinstance(value, (tuple, list)):
        inner = ", ".join(_items(value, few, lambda item: _shown(item, few)))
        return f"({inner})" if isinstance(value, tuple) else f"[{inner}]"
    if type(value) is dict:
        pairs = _items(list(value.items()), few, lambda pair: f"{pair[0]!r}: {_shown(pair[1], few)}")
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, float) and value == np.float32(value):
        return str(np.float32(value))  # fewer digits, and the same number again as a float32
    text = repr(value)
    if few and isinstance(value, (str, bytes)) and len(text) > 2 * _TEXT_OF_FEW:
        return f"{text[:_TEXT_OF_FEW]}… ({len(value)} {'bytes' if isinstance(value, bytes) else 'characters'})"
    return text
