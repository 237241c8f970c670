"""Keras objects that take note of how they are used: what specs are built as.

They are subclasses of what they stand for, so ``isinstance`` holds, and they work in a ``tf.function`` too. What is
counted in Python is counted when a function is traced, so only "never" and "in which order" can be told from it. Steps,
gradients and weights are kept in Variables, which see what really runs.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

MAX_RECORDED = 1_000_000  # numbers of a model's weights over all recorded steps


class Notes:
    """What happened to the objects of one request.

    Args:
        capacity: Steps of an optimizer to keep gradients and weights of.
    """

    def __init__(self, capacity: int = 0) -> None:
        self.capacity = capacity
        self.models: list[Any] = []
        self.optimizers: list[Any] = []
        self.losses: list[Any] = []
        self.metrics: list[Any] = []
        self.datasets: list[Any] = []  # the Variables that count batches
        self.histories: list[History | None] = []  # of the optimizers
        self.events: list[str] = []  # "loss" and "step", in the order of Python
        self.outputs: list[Any] = []  # of models; kept, so that a tensor can be recognised
        self.counts: dict[tuple[int, str], int] = {}
        self.modes: dict[int, list[str]] = {}
        self.swapped: set[int] = set()
        self.foreign = False
        self.unconnected: set[str] = set()  # names of variables whose gradient was None

    def count(self, item: Any, what: str) -> None:
        """Count one use of an object."""
        key = (id(item), what)
        self.counts[key] = self.counts.get(key, 0) + 1

    def counted(self, item: Any, what: str) -> int:
        """How often an object was used."""
        return self.counts.get((id(item), what), 0)

    def output(self, value: Any) -> bool:
        """Whether a value is what a model returned."""
        return any(value is output for output in self.outputs)

    def compared(self, item: Any, y_true: Any, y_pred: Any) -> None:
        """Note whether labels and predictions came in each other's place."""
        if self.output(y_true) and not self.output(y_pred):
            self.swapped.add(id(item))

    def trainable(self) -> list[Any]:
        """The trainable variables of all models."""
        return [weight for model in self.models for weight in model.trainable_variables]


class History:
    """The gradients that an optimizer got and the weights after each of its steps, in Variables of fixed size.

    Args:
        weights: The Variables of Keras to follow.
        capacity: How many steps to keep.
    """

    def __init__(self, weights: Sequence[Any], capacity: int) -> None:
        self._weights = list(weights)
        size = max(1, sum(int(np.prod(weight.shape)) for weight in weights))
        self._capacity = max(1, min(capacity, MAX_RECORDED // size))
        # One row more takes what comes after the last step that is kept.
        rows = [(self._capacity + 1, *weight.shape) for weight in weights]
        self._gradients = [tf.Variable(tf.zeros(shape), trainable=False) for shape in rows]
        self._after = [tf.Variable(tf.zeros(shape), trainable=False) for shape in rows]
        self._places = {id(weight): place for place, weight in enumerate(self._weights)}

    def knows(self, variable: Any) -> bool:
        """Whether a Variable is one of those that are followed."""
        return id(variable) in self._places

    def _row(self, step: Any) -> Any:
        return tf.reshape(tf.minimum(tf.cast(step, tf.int32), self._capacity), (1, 1))

    def got(self, step: Any, gradients: Sequence[Any], variables: Sequence[Any]) -> None:
        """Keep the gradients of a step."""
        for gradient, variable in zip(gradients, variables, strict=False):
            if gradient is None or not self.knows(variable):
                continue
            value = tf.cast(tf.convert_to_tensor(gradient), tf.float32)
            if value.shape.is_compatible_with(tuple(variable.shape)):
                place = self._gradients[self._places[id(variable)]]
                place.scatter_nd_update(self._row(step), value[tf.newaxis])

    def stepped(self, step: Any) -> None:
        """Keep the weights after a step."""
        for after, weight in zip(self._after, self._weights, strict=True):
            after.scatter_nd_update(self._row(step), tf.cast(weight.value, tf.float32)[tf.newaxis])

    def rows(self, steps: int) -> tuple[list[Any], list[Any]]:
        """The gradients and the weights of each Variable, steps along the first axis."""
        count = max(0, min(steps, self._capacity))
        return [kept.numpy()[:count] for kept in self._gradients], [kept.numpy()[:count] for kept in self._after]


class _Optimizer:
    """Mixed into an optimizer class."""

    notes = Notes()  # until it is given those of its request

    def apply(self: Any, grads: Any, trainable_variables: Any = None) -> Any:
        notes: Notes = self.notes
        # A replica's view is looked at by other probes, and a new one of the given one's class is not the given one.
        if tf.distribute.has_strategy() or not any(item is self for item in notes.optimizers):
            return super().apply(grads, trainable_variables)  # type: ignore[misc]
        grads = list(grads)
        variables = notes.trainable() if trainable_variables is None else list(trainable_variables)
        notes.count(self, "step")
        notes.events.append("step")
        history = notes.histories[notes.optimizers.index(self)]
        if history is not None:
            notes.foreign = notes.foreign or not any(history.knows(variable) for variable in variables)
        missing = [v.name for grad, v in zip(grads, variables, strict=False) if grad is None]
        notes.unconnected.update(missing)
        if history is None:
            return super().apply(grads, trainable_variables and variables)  # type: ignore[misc]
        step = tf.identity(self.iterations.value)
        history.got(step, grads, variables)
        result = super().apply(grads, None if trainable_variables is None else variables)  # type: ignore[misc]
        history.stepped(step)
        return result


class _Loss:
    """Mixed into a loss class."""

    notes = Notes()

    def __call__(self: Any, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        self.notes.compared(self, y_true, y_pred)
        return super().__call__(y_true, y_pred, sample_weight)  # type: ignore[misc]

    def call(self: Any, y_true: Any, y_pred: Any) -> Any:
        self.notes.count(self, "call")
        self.notes.events.append("loss")
        return super().call(y_true, y_pred)  # type: ignore[misc]


class _Metric:
    """Mixed into a metric class."""

    notes = Notes()

    def update_state(self: Any, y_true: Any, y_pred: Any = None, *args: Any, **kwargs: Any) -> Any:
        self.notes.count(self, "update")
        if y_pred is None and not args:  # Mean and its like take one value
            return super().update_state(y_true, **kwargs)  # type: ignore[misc]
        self.notes.compared(self, y_true, y_pred)
        return super().update_state(y_true, y_pred, *args, **kwargs)  # type: ignore[misc]

    def reset_state(self: Any) -> Any:
        self.notes.count(self, "reset")
        return super().reset_state()  # type: ignore[misc]


class _Model:
    """Mixed into a model class."""

    notes = Notes()

    def __call__(self: Any, *args: Any, **kwargs: Any) -> Any:
        notes: Notes = self.notes
        notes.modes.setdefault(id(self), []).append(_mode(kwargs.get("training")))
        notes.count(self, "call")
        result = super().__call__(*args, **kwargs)  # type: ignore[misc]
        notes.outputs.extend(tf.nest.flatten(result))
        return result


class Mode(keras.layers.Layer):  # type: ignore[misc]
    """What :func:`autograder.spec.mode` describes.

    Args:
        factor: What the units that are left are multiplied with while training.
    """

    def __init__(self, factor: float = 2.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, inputs: Any, training: Any = False) -> Any:
        """Every second unit times the factor, the others 0, while training; else the inputs."""
        units = inputs.shape[-1]
        kept = tf.constant([self.factor * (unit % 2 == 0) for unit in range(units)], inputs.dtype)
        if isinstance(training, bool) or training is None:
            return inputs * kept if training else inputs
        return tf.where(tf.cast(training, tf.bool), inputs * kept, inputs)

    def get_config(self) -> dict[str, Any]:
        """The layer's arguments."""
        return {**super().get_config(), "factor": self.factor}


def _mode(training: Any) -> str:
    value = tf.get_static_value(training) if tf.is_tensor(training) else training
    return "unknown" if value is None and training is not None else "training" if value else "inference"


_MIXINS = {"optimizer": _Optimizer, "loss": _Loss, "metric": _Metric, "model": _Model}


@functools.cache
def noted(what: str, kind: type) -> type:
    """A subclass of a Keras class that takes notes.

    Args:
        what: ``"optimizer"``, ``"loss"``, ``"metric"`` or ``"model"``.
        kind: The class.
    """
    return type(kind.__name__, (_MIXINS[what], kind), {"__module__": kind.__module__})
