"""Probes for values, calls and the ops that run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tensorflow.python.framework import op_callbacks

Names = Mapping[str, Any]


def call(names: Names, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The value of ``name(*args, **kwargs)``."""
    return names[name](*args, **kwargs)


def value(names: Names, name: str) -> Any:
    """The value of a name."""
    return names[name]


def ops(names: Names, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[str]:
    """The types of the TensorFlow ops that ``name(*args, **kwargs)`` runs eagerly, in order.

    ``x + x`` and ``tf.add(x, x)`` are both ``AddV2``; ``tf.constant`` is none. Of a warm ``tf.function``
    one op shows (its call).
    """
    seen: list[str] = []

    def record(op_type: str, *details: Any) -> None:
        seen.append(op_type if isinstance(op_type, str) else op_type.decode())

    op_callbacks.add_op_callback(record)
    try:
        names[name](*args, **kwargs)
    finally:
        op_callbacks.remove_op_callback(record)
    return seen
