"""Probes for derivatives: by tapes of the first and higher order, and by differences of values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from .basic import Names
from .causes import why_none

Where = int | str | tuple[int | str, ...]


def gradient(
    names: Names,
    name: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    wrt: Where = 0,
    persistent: bool = False,
) -> Any:
    """The gradient of ``name(*args, **kwargs)`` with respect to some of its arguments.

    Args:
        names: The notebook's names.
        name: A function that returns a float tensor.
        args: Its arguments; those of ``wrt`` are float tensors or Variables.
        kwargs: Its keyword arguments.
        wrt: Position of one argument, or the name of a Variable, of a list of them or of a model of the notebook; or
            several of these.
        persistent: Whether the tape is persistent.

    Returns:
        One gradient for a position or a name of one Variable, a list of them otherwise; None where the tape saw no
        connection.
    """
    places = wrt if isinstance(wrt, tuple) else (wrt,)
    sources = [_source(names, args, place) for place in places]
    with tf.GradientTape(persistent=persistent) as tape:
        _watch(tape, sources)
        target = names[name](*args, **kwargs)
    gradients = tape.gradient(target, sources)
    return gradients if isinstance(wrt, tuple) else gradients[0]


def jacobian(names: Names, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], wrt: int = 0) -> Any:
    """The Jacobian of ``name(*args, **kwargs)`` with respect to one argument; None where there is no connection.

    Returns:
        Its shape is the result's shape and then the argument's.
    """
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(args[wrt])
        target = names[name](*args, **kwargs)
    return tape.jacobian(target, args[wrt], experimental_use_pfor=False)  # else it builds a graph, which takes longer


def derivatives(
    names: Names, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], wrt: int = 0, order: int = 2
) -> list[Any]:
    """The first derivatives of ``name(*args, **kwargs)``, each the gradient of the (sum of the) one before.

    Returns:
        ``order`` gradients; None where the tape saw no connection, and after that.
    """
    source = args[wrt]

    def to(depth: int) -> list[Any]:
        """The function's value and its first ``depth`` derivatives."""
        if depth == 0:
            return [names[name](*args, **kwargs)]
        with tf.GradientTape() as tape:
            tape.watch(source)
            before = to(depth - 1)
        last = before[-1]
        return [*before, None if last is None else tape.gradient(last, source)]

    return to(order)[1:]


def hessian_vector(
    names: Names, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], wrt: int = 0, vector: Any = None
) -> Any:
    """The Hessian of (the sum of) ``name(*args, **kwargs)`` times a vector; None where there is no connection.

    It is the gradient of gradient · vector: Pearlmutter, Fast exact multiplication by the Hessian, 1994.

    Args:
        names: The notebook's names.
        name: A function that returns a float tensor.
        args: Its arguments.
        kwargs: Its keyword arguments.
        wrt: Position of the argument.
        vector: Of that argument's shape.
    """
    source = args[wrt]
    with tf.GradientTape() as outer:
        outer.watch(source)
        with tf.GradientTape() as inner:
            inner.watch(source)
            target = names[name](*args, **kwargs)
        first = inner.gradient(target, source)
        if first is None:
            return None
        first = tf.convert_to_tensor(first)
        product = tf.reduce_sum(first * tf.cast(np.asarray(vector), first.dtype))
    return outer.gradient(product, source)


def slopes(
    names: Names,
    name: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    wrt: int | tuple[int, ...] = 0,
    directions: Sequence[Sequence[Any]] = (),
    steps: Sequence[float] = (),
    weights: Sequence[float] = (1.0,),
) -> dict[str, Any]:
    """A function's gradient, and what is needed to compare it with differences of its values.

    Looked at is the sum of all elements of the result, each times one of the weights: so a custom gradient that
    ignores what comes from above shows too.

    Args:
        names: The notebook's names.
        name: A function that returns a float tensor, or several.
        args: Its arguments.
        kwargs: Its keyword arguments.
        wrt: Position of one argument, or of several.
        directions: For each direction, one array for each of these arguments.
        steps: How far to go along a direction, to both sides.
        weights: Weights of the result's elements in C order; they begin anew where there are more elements.

    Returns:
        The ``"value"``; the ``"gradient"`` of the weighted sum with respect to each argument and the ``"plain"`` one of
        the sum; the weighted sum ``"at"`` the point, and ``"along"`` each direction for each step forward and
        backward, shape (directions, steps, 2), float64; ``"why"``: the cause of each None.
    """
    places = (wrt,) if isinstance(wrt, int) else tuple(wrt)
    sources = [args[place] for place in places]
    with tf.GradientTape(persistent=True) as tape:
        _watch(tape, sources)
        value = names[name](*args, **kwargs)
    targets = [part for part in tf.nest.flatten(value) if tf.is_tensor(part) and part.dtype.is_floating]
    above = _weights(targets, weights)
    gradients = tape.gradient(targets, sources, output_gradients=above) if targets else [None] * len(sources)
    plain = tape.gradient(targets, sources) if targets else gradients

    def total(direction: Sequence[Any], step: float) -> float:
        moved = list(args)
        for place, vector in zip(places, direction, strict=True):
            here = tf.convert_to_tensor(args[place])
            there = here + tf.cast(np.asarray(vector) * step, here.dtype)
            moved[place] = tf.Variable(there) if isinstance(args[place], tf.Variable) else there
        return _total(names[name](*moved, **kwargs), weights)

    along = [[[total(direction, step), total(direction, -step)] for step in steps] for direction in directions]
    why = [
        "" if found is not None else why_none(names, name, args, kwargs, place)
        for found, place in zip(gradients, places, strict=True)
    ]
    return {
        "value": value,
        "gradient": gradients,
        "plain": plain,
        "at": _total(value, weights),
        "along": np.asarray(along, "float64").reshape(len(directions), len(steps), 2),
        "why": why,
    }


def _total(value: Any, weights: Sequence[float]) -> float:
    """The weighted sum of a result, in float64."""
    targets = [part for part in tf.nest.flatten(value) if tf.is_tensor(part) and part.dtype.is_floating]
    pairs = zip(targets, _weights(targets, weights), strict=True)
    return float(sum(np.sum(np.asarray(part, "float64") * np.asarray(weight, "float64")) for part, weight in pairs))


def _weights(targets: Sequence[Any], weights: Sequence[float]) -> list[Any]:
    """A weight for each element of each tensor, in its dtype."""
    return [tf.constant(np.resize(weights, part.shape), part.dtype) for part in targets]


def _source(names: Names, args: tuple[Any, ...], place: int | str) -> Any:
    if isinstance(place, int):
        return args[place]
    value = names[place]
    return getattr(value, "trainable_variables", value) if not isinstance(value, tf.Variable) else value


def _watch(tape: Any, sources: Sequence[Any]) -> None:
    for source in tf.nest.flatten(sources):
        tape.watch(getattr(source, "value", source) if type(source).__module__.startswith("keras.") else source)
