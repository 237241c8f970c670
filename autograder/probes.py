"""Built-in probes: small functions that look inside TensorFlow, run in the worker, and return plain data.

A probe is called with the notebook's names, then with what the check sent. It holds no answers, and the
same probe runs on the student's notebook and on the reference. An assignment adds its own in ``probes.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf
from tensorflow.python.framework import op_callbacks

Names = Mapping[str, Any]


def call(names: Names, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The value of ``name(*args, **kwargs)``."""
    return names[name](*args, **kwargs)


def value(names: Names, name: str) -> Any:
    """The value of a name."""
    return names[name]


def gradient(
    names: Names,
    name: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    wrt: int | tuple[int, ...] = 0,
    persistent: bool = False,
) -> Any:
    """The gradient of ``name(*args, **kwargs)`` with respect to some of its arguments.

    Args:
        names: The notebook's names.
        name: A function that returns a float tensor.
        args: Its arguments; those of ``wrt`` are float tensors or Variables.
        kwargs: Its keyword arguments.
        wrt: Position of one argument, or of several.
        persistent: Whether the tape is persistent.

    Returns:
        One gradient for a position, a list of them for several; None where the tape saw no connection.
    """
    places = (wrt,) if isinstance(wrt, int) else tuple(wrt)
    sources = [args[place] for place in places]
    with tf.GradientTape(persistent=persistent) as tape:
        for source in sources:
            tape.watch(source)
        target = names[name](*args, **kwargs)
    gradients = tape.gradient(target, sources)
    return gradients[0] if isinstance(wrt, int) else gradients


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


BUILTIN: Mapping[str, Callable[..., Any]] = {"call": call, "gradient": gradient, "ops": ops}
