"""Build what a check wrote down as specs; see :mod:`autograder.spec`. Keras is loaded only when there are any."""

from __future__ import annotations

import inspect
import math
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from ..spec import MARK
from ..wire import Tensor
from .basic import Names

_kept: list[tuple[Any, Any]] = []  # Variables of the notebook, and the values that they are to get back


def keep(variables: Sequence[Any]) -> None:
    """Take note of the values of Variables that may belong to the notebook: :func:`restore` gives them back."""
    _kept.extend((variable, np.array(variable.numpy())) for variable in variables)


def restore() -> None:
    """Give the notebook's Variables the values back that they had. To be called once the reply is data."""
    while _kept:
        variable, value = _kept.pop()
        variable.assign(value)


class Each:
    """An argument that is another one at each call.

    Args:
        items: One for each call.
    """

    def __init__(self, items: Sequence[Any]) -> None:
        self.items = items


def has_specs(value: Any) -> bool:
    """Whether a value that was sent holds specs, at any depth."""
    if isinstance(value, dict):
        return MARK in value or any(has_specs(item) for item in value.values())
    return isinstance(value, (list, tuple)) and any(has_specs(item) for item in value)


def build(names: Names, value: Any, notes: Any, run: int = 0) -> Any:
    """A value with its specs built.

    Args:
        names: The notebook's names.
        value: What was sent.
        notes: The :class:`~autograder.probes.instruments.Notes` of the request.
        run: Which of several runs it is for: each has drawn weights and an order of examples of its own.
    """
    if isinstance(value, dict):
        if MARK in value:
            builder = getattr(_Build(names, notes, run), value[MARK])
            return builder(**{key: item for key, item in value.items() if key != MARK})
        return {key: build(names, item, notes, run) for key, item in value.items()}
    if isinstance(value, Tensor):  # in a probe's options, which arrive as they were sent
        return tf.constant(value.array)
    if isinstance(value, (list, tuple)):
        return type(value)(build(names, item, notes, run) for item in value)
    return value


def ready(names: Names, args: Any, kwargs: Any) -> tuple[Any, Any]:
    """Arguments with their specs built, where there are any, and connected with one another."""
    if not has_specs((args, kwargs)):
        return args, kwargs
    from .instruments import Notes

    notes = Notes()
    built = build(names, (args, kwargs), notes)
    connect(notes)
    return built[0], built[1]


def ready_calls(names: Names, calls: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """The arguments of several calls with their specs built: one that is the same in all of them, once.

    So a model is the same object at each call, as it is in a loop that calls a training step.
    """
    if not has_specs(list(calls)):
        return list(calls)
    from .instruments import Notes

    notes, made = Notes(), {}

    def built(value: Any, seen: dict[str, int]) -> Any:
        if isinstance(value, dict) and MARK in value:
            text = _text(value)
            key = text, seen.setdefault(text, 0)
            seen[text] += 1
            if key not in made:
                made[key] = build(names, value, notes)
            return made[key]
        if isinstance(value, dict):
            return {name: built(item, seen) for name, item in value.items()}
        return type(value)(built(item, seen) for item in value) if isinstance(value, (list, tuple)) else value

    ready = [built(call, {}) for call in calls]
    connect(notes)
    return ready


def _text(value: Any) -> str:
    """A spec as text that is equal for equal specs."""
    if isinstance(value, dict):
        return repr({key: _text(item) for key, item in value.items()})
    if isinstance(value, (list, tuple)):
        return repr([_text(item) for item in value])
    if tf.is_tensor(value) or isinstance(value, np.ndarray):
        array = np.asarray(value)
        return f"{array.dtype} {array.shape} {zlib.crc32(array.tobytes())}"
    return repr(value)


def data_sets(value: Any) -> Any:
    """Arguments with the specs of data sets in them built, and without all others: what a graph alone is given."""
    if isinstance(value, dict) and MARK in value:
        return build({}, value, _Counters()) if value[MARK] == "dataset" else None
    if isinstance(value, dict):
        return {key: data_sets(item) for key, item in value.items()}
    return type(value)(data_sets(item) for item in value) if isinstance(value, (list, tuple)) else value


class _Counters:
    """The notes of data sets, without Keras."""

    def __init__(self) -> None:
        self.datasets: list[Any] = []


def connect(notes: Any) -> None:
    """Make the optimizers ready for the models of the request, and follow their weights where that was asked for."""
    from .instruments import History

    for place, optimizer in enumerate(notes.optimizers):
        models = [notes.models[place]] if len(notes.models) == len(notes.optimizers) else notes.models
        variables = [weight for model in models for weight in model.trainable_variables]
        if variables:  # an optimizer that is built in a tf.function could be used in one call of it only
            optimizer.build(variables)
        weights = [weight for model in models for weight in model.weights]
        notes.histories.append(History(weights, notes.capacity) if weights and notes.capacity else None)


def set_drawn(weights: Sequence[Any], seed: int, by: str = "shape") -> None:
    """Give Variables values that depend on the seed, and on nothing that is the student's choice.

    Args:
        weights: The Variables.
        seed: The seed.
        by: What a Variable is known by: its ``"shape"`` and how many of this shape came before it, or its ``"name"``.
    """
    seen: dict[Any, int] = {}
    for weight in weights:
        shape = tuple(int(size) for size in weight.shape)
        key = (shape, weight.name) if by == "name" else (shape,)
        seen[key] = seen.get(key, 0) + 1
        rng = np.random.default_rng([seed, zlib.crc32(repr((key, seen[key])).encode())])
        spread = max(1, math.prod(shape[:-1])) ** -0.5 if len(shape) > 1 else 0.5
        weight.assign(tf.cast(rng.normal(0, spread, shape), weight.dtype))


def set_weights(model: Any, weights: Any, run: int = 0) -> None:
    """Set the weights of a model or layer, as a spec has them: a seed, arrays, or None for leaving them.

    Args:
        model: The model or layer.
        weights: The seed, arrays in the order of ``model.weights``, or None.
        run: Added to the seed.
    """
    if isinstance(weights, int):
        set_drawn(model.trainable_weights, weights + run)
    elif weights is not None:
        model.set_weights([np.asarray(weight) for weight in weights])


class _Build:
    """One method for each kind of spec; its parameters are the spec's options."""

    def __init__(self, names: Names, notes: Any, run: int) -> None:
        self._names = names
        self._notes = notes
        self._run = run

    def layer(self, kind: str, config: Mapping[str, Any]) -> Any:
        import keras

        from .instruments import Mode

        return Mode(**config) if kind == MARK else getattr(keras.layers, kind)(**config)

    def model(self, layers: Sequence[Any], inputs: tuple[int, ...], weights: Any) -> Any:
        import keras

        from .instruments import noted

        built = build(self._names, list(layers), self._notes, self._run)
        model = noted("model", keras.Sequential)([keras.Input(inputs), *built])
        model.notes = self._notes
        set_weights(model, weights, self._run)
        self._notes.models.append(model)
        return model

    def optimizer(self, kind: str, config: Mapping[str, Any]) -> Any:
        import keras

        return self._noted("optimizer", getattr(keras.optimizers, kind), config, self._notes.optimizers)

    def loss(self, kind: str, config: Mapping[str, Any]) -> Any:
        import keras

        return self._noted("loss", getattr(keras.losses, kind), config, self._notes.losses)

    def metric(self, kind: str, config: Mapping[str, Any]) -> Any:
        import keras

        return self._noted("metric", getattr(keras.metrics, kind), config, self._notes.metrics)

    def dataset(self, x: Any, y: Any, batch: int | None, shuffle: int | None) -> Any:
        count = tf.Variable(0, dtype=tf.int64, trainable=False)
        self._notes.datasets.append(count)
        parts = (x,) if y is None else (x, y)
        if shuffle is not None:
            order = np.random.default_rng(shuffle + self._run).permutation(len(x))
            parts = tuple(tf.gather(part, order) for part in parts)
        examples = tf.data.Dataset.from_tensor_slices(parts[0] if y is None else parts)
        if batch is not None:
            examples = examples.batch(batch)

        def counted(*items: Any) -> Any:
            with tf.control_dependencies([count.assign_add(1)]):
                same = tuple(tf.identity(item) for item in items)
            return same[0] if y is None else same

        return examples.map(counted)

    def each(self, items: Sequence[Any]) -> Any:
        return Each([build(self._names, item, self._notes, self._run) for item in items])

    def notebook(
        self, name: str, args: Any, kwargs: Any, weights: Any, inputs: tuple[int, ...] | None, call: bool | None
    ) -> Any:
        import keras

        item = self._names[name]
        owned = (keras.layers.Layer, keras.metrics.Metric, keras.optimizers.Optimizer, keras.losses.Loss)
        makes = inspect.isclass(item) or (callable(item) and not isinstance(item, owned))
        if makes if call is None else call:
            args, kwargs = build(self._names, (args, kwargs), self._notes, self._run)
            item = item(*args, **kwargs)
        else:
            keep(getattr(item, "variables", ()) if isinstance(item, owned) else ())
        if inputs is not None and not item.built:
            item(tf.zeros((1, *inputs)))
        if isinstance(item, keras.layers.Layer):
            set_weights(item, weights, self._run)
            self._notes.models.append(item)
        elif isinstance(item, keras.metrics.Metric):
            self._notes.metrics.append(item)
        return item

    def _noted(self, what: str, kind: type, config: Mapping[str, Any], kept: list[Any]) -> Any:
        from .instruments import noted

        item = noted(what, kind)(**config)
        item.notes = self._notes
        kept.append(item)
        return item
