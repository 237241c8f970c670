"""Values in words, for messages to students."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..wire import Opaque, Ragged, Tensor

SHOWN = 8  # values of an array in a message
LONGEST = 300  # characters of one value in a message

KIND_NAMES = {
    "Tensor": "a tf.Tensor",
    "Variable": "a tf.Variable",
    "ndarray": "a numpy array",
    "number": "a Python number",
    "None": "None",
    "bool": "True or False",
    "str": "a string",
    "IndexedSlices": "a tf.IndexedSlices",
    "RaggedTensor": "a tf.RaggedTensor",
    "SparseTensor": "a tf.SparseTensor",
}


def kind_of(value: Any) -> str:
    """The kind of a value that crossed the wire, as :func:`assert_kind` names it."""
    if isinstance(value, Tensor):
        return value.kind
    if isinstance(value, Ragged):
        return "RaggedTensor"
    if isinstance(value, Opaque):
        return value.type_name
    if value is None:
        return "None"
    if type(value) in (int, float):
        return "number"
    return type(value).__name__


def describe(value: Any, *, values: bool = True) -> str:
    """A value in words, such as ``a tf.Tensor of shape (2, 3) and dtype float32``.

    Args:
        value: Something that crossed the wire.
        values: Whether to show shapes and values too.
    """
    if isinstance(value, Opaque):  # its name is the other side's choice
        return f"a {value.type_name}" if values else "something that is neither a tensor nor plain data"
    kind = kind_of(value)
    name = KIND_NAMES.get(kind, f"a {kind}")
    if isinstance(value, Tensor):
        if not values:
            return f"{name} of dtype {value.dtype}"
        return f"{name} of shape {value.shape} and dtype {value.dtype}: {values_text(value.array)}"
    if isinstance(value, Ragged):
        rows = f" of {len(value.splits[0]) - 1} rows" if values else ""
        return f"{name}{rows} of dtype {value.dtype}"
    if value is None:
        return "None"
    return f"{name}: {value!r}"[:300] if values else name


def values_text(array: Any) -> str:
    """The first values of an array."""
    items = array.ravel()
    shown = ", ".join(number_text(item) for item in items[:SHOWN])
    more = f", … ({items.size} values)" if items.size > SHOWN else ""
    return shown if array.shape == () else f"[{shown}{more}]"


def number_text(item: Any) -> str:
    """One value of an array."""
    if isinstance(item, bytes):
        return short(repr(item.decode("utf-8", "replace")))
    return f"{item:.6g}" if isinstance(item, (float, np.floating)) else str(item)


def short(text: str) -> str:
    """A text, cut where it is too long for a message."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"


def key_text(key: Any) -> str:
    """A dict's key as part of a summary, where a number could be one of the hidden inputs."""
    return repr(key) if isinstance(key, str) and len(key) <= 40 else "…"


def expected(desired: Any, actual: Any) -> str:
    """Two lines: what was expected, what came."""
    return f"expected: {desired}\n     got: {actual}"


def place(where: str, what: str = "The value") -> str:
    """``what``, with the part of the result that it belongs to."""
    return f"{what} of part {where}" if where else what


def capital(text: str) -> str:
    """A phrase as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def either(names: Sequence[str]) -> str:
    """Names of which one is enough, as part of a sentence."""
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
