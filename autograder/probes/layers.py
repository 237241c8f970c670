"""Probes for layers, models, losses and metrics of Keras."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from .basic import Names
from .building import keep, set_drawn


def layer(
    names: Names,
    name: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    weights: int = 0,
    by: str = "shape",
    config: bool = True,
) -> dict[str, Any]:
    """A layer or model: its weights, what it computes with drawn ones, and whether it can be made again.

    Args:
        names: The notebook's names.
        name: A layer or model, or a function or class without arguments that makes one.
        args: Inputs, one for each call.
        kwargs: Passed on in each call, such as ``training``.
        weights: Seed of the values that its trainable weights are given.
        by: What weights are known by, ``"shape"`` or ``"name"``; see :func:`autograder.probes.building.set_drawn`.
        config: Whether to make it again from its config.

    Returns:
        ``kind``: ``"model"``, ``"layer"``, or the name of another type, and then nothing else.
        ``outputs``: of each call, with the drawn weights.
        ``weights``: name, shape, dtype, whether it is trainable, and the gradient of the sum of the squared outputs of
        the first call (None for none), sorted by what they are known by.
        ``untracked``: names of Variables that it reads and Keras does not know of.
        ``layers``: the types of a model's layers. ``heads``: the names of a model's outputs.
        ``again``: the first output of the twin made from the config, or ``error``: why there is none.
    """
    import keras

    item = _made(names[name])
    if not isinstance(item, keras.layers.Layer):
        return {"kind": type(item).__name__}
    with tf.GradientTape() as tape:
        item(args[0], **kwargs)
    keep(item.variables)
    known = {id(variable.value) for variable in item.variables}
    untracked = [variable.name for variable in tape.watched_variables() if id(variable) not in known]
    set_drawn(item.trainable_weights, weights, by)
    outputs = [item(value, **kwargs) for value in args]
    return {
        "kind": "model" if isinstance(item, keras.Model) else "layer",
        "outputs": outputs,
        "weights": _weights(item, args[0], kwargs, by),
        "untracked": sorted(untracked),
        "layers": [type(part).__name__ for part in getattr(item, "layers", ())],
        "heads": [str(head) for head in getattr(item, "output_names", None) or ()],
        **(_twin(names, item, args[0], kwargs, weights, by) if config else {}),
    }


def loss(names: Names, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The value of a loss, its gradient with respect to the predictions, and its value with swapped arguments.

    Args:
        names: The notebook's names.
        name: A function or loss object that takes labels and predictions.
        args: Labels and predictions, and what else it takes.
        kwargs: Its keyword arguments.
    """
    item = names[name]
    y_true, y_pred, *more = args
    with tf.GradientTape() as tape:
        tape.watch(y_pred)
        value = item(y_true, y_pred, *more, **kwargs)
    gradient = tape.gradient(value, y_pred) if tf.is_tensor(value) else None
    try:
        swapped = item(y_pred, y_true, *more, **kwargs)
    except Exception:
        swapped = None
    return {"value": value, "gradient": gradient, "swapped": swapped}


def metric(
    names: Names, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], graph: bool = False
) -> dict[str, Any]:
    """The results of a metric: at the beginning, after each batch, after a reset, and after the first batch once more.

    Args:
        names: The notebook's names.
        name: A metric, or a function or class without arguments that makes one.
        args: Batches: tuples of what ``update_state`` takes.
        kwargs: Passed on in each update.
        graph: Whether to update in a ``tf.function``.

    Returns:
        ``start``, ``after`` (a list), ``reset``, ``again``; ``alone``: the result for each batch by itself, each
        after a reset; ``state``: how many variables the metric has.
    """
    import keras

    item = _made(names[name])
    if not isinstance(item, keras.metrics.Metric):
        return {"kind": type(item).__name__}
    keep(item.variables)

    def update(*batch: Any) -> None:
        item.update_state(*batch, **kwargs)

    updated = tf.function(update) if graph else update
    if item is names[name]:
        item.reset_state()
    found: dict[str, Any] = {"kind": "metric", "start": item.result(), "after": [], "alone": []}
    for batch in args:
        updated(*batch)
        found["after"].append(item.result())
    item.reset_state()
    found["reset"] = item.result()
    updated(*args[0])
    found["again"] = item.result()
    for batch in args:
        item.reset_state()
        for variable in item.variables:  # also where reset_state does nothing
            variable.assign(tf.zeros_like(variable.value))
        updated(*batch)
        found["alone"].append(item.result())
    found["state"] = len(item.variables)
    return found


def _made(item: Any) -> Any:
    """What a function or class makes; anything else as it is."""
    import keras

    owned = isinstance(item, (keras.layers.Layer, keras.metrics.Metric))
    return item() if inspect.isclass(item) or (callable(item) and not owned) else item


def _sorted(variables: Sequence[Any], by: str) -> list[Any]:
    def known_by(variable: Any) -> Any:
        return tuple(variable.shape), variable.name if by == "name" else ""

    return sorted(variables, key=known_by)


def _weights(item: Any, value: Any, kwargs: dict[str, Any], by: str) -> list[dict[str, Any]]:
    with tf.GradientTape() as tape:
        outputs = tf.nest.flatten(item(value, **kwargs))
        target = tf.add_n([tf.reduce_sum(output**2) for output in outputs if output.dtype.is_floating])
    trained = {id(variable) for variable in item.trainable_weights}
    variables = _sorted(item.weights, by)
    gradients = tape.gradient(target, [variable.value for variable in variables])
    return [
        {
            "name": variable.name,
            "shape": tuple(int(size) for size in variable.shape),
            "dtype": str(variable.dtype),
            "trainable": id(variable) in trained,
            "gradient": gradient if id(variable) in trained else None,
        }
        for variable, gradient in zip(variables, gradients, strict=True)
    ]


def _twin(names: Names, item: Any, value: Any, kwargs: dict[str, Any], seed: int, by: str) -> dict[str, Any]:
    import keras

    kinds = (keras.layers.Layer, keras.losses.Loss, keras.metrics.Metric, keras.initializers.Initializer)
    classes = {key: kind for key in names if inspect.isclass(kind := names[key]) and issubclass(kind, kinds)}
    try:
        with keras.saving.custom_object_scope(classes):
            twin = type(item).from_config(item.get_config())
        twin(value, **kwargs)
        set_drawn(twin.trainable_weights, seed, by)
        return {"again": twin(value, **kwargs)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:500]}
