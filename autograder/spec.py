"""Models, losses, optimizers, metrics and datasets as data: what a check calls a student's function with.

They are no plain data, so a check writes down what it wants, ``spec.sgd(0.1)``, and the notebook's process builds it
for each request, the same for the student and the reference. What is built is what TensorFlow and Keras know (a
``spec.sgd`` is a ``keras.optimizers.SGD``), and takes note of how it is used: see :mod:`autograder.probes.instruments`.
No TensorFlow is needed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .draw import Draw

MARK = "$spec"  # the key under which a spec's dict says what it is; no argument of an exercise has such a name

Weights = Draw | Sequence[Any] | None


@dataclass(frozen=True, eq=False)
class Spec:
    """Something that the notebook's process is to build.

    Args:
        kind: What: ``"layer"``, ``"model"``, ``"optimizer"``, ``"loss"``, ``"metric"``, ``"dataset"``, ``"notebook"``
            or ``"each"``.
        text: How it reads in a message to the student.
        options: What it is built from: plain data, arrays and other specs.
        mark: The key by which whoever is to build it knows it: :data:`MARK`, or
            :data:`autograder.expect.stand_in.MARK`.
    """

    kind: str
    text: str
    options: Mapping[str, Any] = field(default_factory=dict)
    mark: str = MARK

    def as_data(self) -> dict[str, Any]:
        """The spec as a dict; it may hold further specs and arrays."""
        return {self.mark: self.kind, **self.options}

    def __repr__(self) -> str:
        return self.text


# ---- models ------------------------------------------------------------------------------------------


def layer(kind: str, **config: Any) -> Spec:
    """A layer of Keras, such as ``spec.layer("Conv2D", filters=2, kernel_size=3)``.

    Args:
        kind: Name of a class in ``keras.layers``.
        **config: Its arguments.
    """
    return Spec("layer", _call(kind, config), {"kind": kind, "config": config})


def dense(units: int, activation: str | None = None, **config: Any) -> Spec:
    """A ``Dense`` layer.

    Args:
        units: How many outputs.
        activation: Name of the activation function; None for none.
        **config: Further arguments of ``keras.layers.Dense``.
    """
    return layer("Dense", units=units, activation=activation, **config)


def mode(factor: float = 2.0) -> Spec:
    """A layer that tells by its output whether the model is called for training.

    It stands for Dropout, without its randomness: while training, every second unit becomes 0 and the others are
    multiplied; otherwise the layer passes on what it gets. So a wrong ``training=`` changes values, on every machine
    alike.

    Args:
        factor: What units are multiplied with.
    """
    return Spec("layer", "Dropout()", {"kind": MARK, "config": {"factor": factor}})


def model(layers: Sequence[Spec], inputs: int | tuple[int, ...], weights: Weights = None) -> Spec:
    """A ``keras.Sequential`` model, built.

    Args:
        layers: Its layers, made by :func:`layer`, :func:`dense` or :func:`mode`.
        inputs: The shape of one example; ``4`` is ``(4,)``.
        weights: A check's ``draw``: the trainable weights are drawn from it (normal; a kernel's standard deviation is
            one over the root of its fan-in). Or the arrays themselves, as ``model.set_weights`` takes them. None: as
            Keras initialises them.
    """
    shape = (inputs,) if isinstance(inputs, int) else tuple(inputs)
    text = f"Sequential([{', '.join(item.text for item in layers)}])"
    return Spec("model", text, {"layers": list(layers), "inputs": shape, "weights": _weights(weights)})


def notebook(
    name: str,
    *args: Any,
    weights: Weights = None,
    inputs: int | tuple[int, ...] | None = None,
    call: bool | None = None,
    **kwargs: Any,
) -> Spec:
    """What a name of the notebook stands for: a model, a metric, a function that builds one.

    A function or a class is called, and what it returns is passed on; everything else is passed on as it is. A model or
    metric of the notebook gets its own values back after the request.

    Args:
        name: The name.
        *args: Arguments of the function or class.
        weights: For a model or layer, as for :func:`model`.
        inputs: Shape of one example, for a model that has no weights until it is called.
        call: Whether to call it; None: where it is a function or a class.
        **kwargs: Further arguments of the function or class.
    """
    shape = (inputs,) if isinstance(inputs, int) else inputs
    text = name if call is False else f"{name}({', '.join(map(repr, args))})" if args else name
    options = {
        "name": name,
        "args": args,
        "kwargs": kwargs,
        "weights": _weights(weights),
        "inputs": shape,
        "call": call,
    }
    return Spec("notebook", text, options)


# ---- what trains and measures them -------------------------------------------------------------------


def optimizer(kind: str, learning_rate: float, **config: Any) -> Spec:
    """An optimizer of Keras that counts its steps and takes note of gradients and weights.

    Args:
        kind: Name of a class in ``keras.optimizers``. Only ``"SGD"`` without momentum shows everything: RMSprop and
            Adam hide a gradient that is multiplied by some number.
        learning_rate: Its learning rate.
        **config: Its further arguments.
    """
    config = {"learning_rate": learning_rate, **config}
    return Spec("optimizer", _call(kind, config), {"kind": kind, "config": config})


def sgd(learning_rate: float, **config: Any) -> Spec:
    """A ``keras.optimizers.SGD``; see :func:`optimizer`."""
    return optimizer("SGD", learning_rate, **config)


_LOSSES = {
    "mse": "MeanSquaredError",
    "mae": "MeanAbsoluteError",
    "huber": "Huber",
    "bce": "BinaryCrossentropy",
    "cce": "CategoricalCrossentropy",
    "scce": "SparseCategoricalCrossentropy",
}


def loss(kind: str, **config: Any) -> Spec:
    """A loss object of Keras that takes note of its calls.

    Args:
        kind: Name of a class in ``keras.losses``, or ``"mse"``, ``"mae"``, ``"huber"``, ``"bce"``, ``"cce"`` or
            ``"scce"`` for the usual ones.
        **config: Its arguments, such as ``from_logits=True``.
    """
    kind = _LOSSES.get(kind, kind)
    return Spec("loss", _call(kind, config), {"kind": kind, "config": config})


def metric(kind: str, **config: Any) -> Spec:
    """A metric of Keras that takes note of updates and resets.

    Args:
        kind: Name of a class in ``keras.metrics``.
        **config: Its arguments.
    """
    return Spec("metric", _call(kind, config), {"kind": kind, "config": config})


def dataset(x: Any, y: Any = None, batch: int | None = None, shuffle: Draw | None = None) -> Spec:
    """A ``tf.data.Dataset`` that counts the batches that are taken from it.

    Args:
        x: The inputs, one example along the first axis.
        y: The labels, likewise; None for a data set of inputs alone.
        batch: Size of a batch; the last one may be smaller. None: one example at a time.
        shuffle: A check's ``draw``: the examples come in an order drawn from it, the same in every epoch.
    """
    order = None if shuffle is None else _seed(shuffle)
    size = "" if batch is None else f" in batches of {batch}"
    options = {"x": x, "y": y, "batch": batch, "shuffle": order}
    return Spec("dataset", f"<{len(np.asarray(x))} examples{size}>", options)


def each(items: Sequence[Any]) -> Spec:
    """An argument that is another one at each of several calls; see :meth:`autograder.student.Name.training`.

    Args:
        items: One for each call: a list, or an array with the calls along its first axis.
    """
    return Spec("each", f"<another one in each of {len(items)} calls>", {"items": list(items)})


def _seed(draw: Draw) -> int:
    return int(draw.integers(low=0, high=2**31 - 1, dtype="int64"))


def _weights(weights: Weights) -> Any:
    if isinstance(weights, Draw):
        return _seed(weights)
    return None if weights is None else [np.asarray(item) for item in weights]


def _call(name: str, config: Mapping[str, Any]) -> str:
    given = ", ".join(f"{key}={value!r}" for key, value in config.items() if value is not None)
    return f"{name}({given})"
