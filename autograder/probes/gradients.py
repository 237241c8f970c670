"""Probes for gradients."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .basic import Names


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
