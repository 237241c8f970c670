"""Probes for values, calls and answers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import tensorflow as tf

Names = Mapping[str, Any]


def call(names: Names, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The value of ``name(*args, **kwargs)``."""
    return names[name](*args, **kwargs)


def arguments_after(names: Names, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
    """What the arguments of ``name(*args, **kwargs)`` hold after the call."""
    names[name](*args, **kwargs)
    return [*args, *kwargs.values()]


def value(names: Names, name: str) -> Any:
    """The value of a name."""
    return names[name]


def answers(names: Names, name: str, cases: tuple[str, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The answers of a dict to some cases, and the names of its others; of all cases where none is named.

    What is no dict is given as it is.
    """
    held = names[name]
    if not isinstance(held, Mapping):
        return {"given": _told(held), "others": []}
    given = {key: _told(answer) for key, answer in held.items() if not cases or key in cases}
    return {"given": given, "others": [str(key) for key in held if key not in given]}


def _told(answer: Any) -> Any:
    """An answer with names for dtypes, tuples for shapes and floats for fractions: these could not be sent."""
    if isinstance(answer, (tuple, list)):
        return tuple(map(_told, answer))
    if isinstance(answer, tf.TensorShape):
        return answer if answer.rank is None else tuple(answer.as_list())
    if isinstance(answer, (Fraction, Decimal)):
        return float(answer)
    if isinstance(answer, (tf.DType, np.dtype, type)):
        try:
            return tf.as_dtype(answer).name
        except TypeError:
            return answer
    return answer
