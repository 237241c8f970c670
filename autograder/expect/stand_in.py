"""What a check hands to the student's code in place of plain arrays: a strategy, a data set, a model, a metric.

A stand-in is a :class:`~autograder.spec.Spec` that is built where the call is made, under the strategy of that call. It
notes how it is used, and :class:`~autograder.expect.Run` tells that by the stand-in's name.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..spec import Spec

MARK = "stand-in"  # the key under which a stand-in's dict says what it is

Array = np.ndarray[Any, Any]


def _stand_in(what: str, words: str, **options: Any) -> Spec:
    return Spec(what, words, options, MARK)


def strategy() -> Spec:
    """The strategy of the call."""
    return _stand_in("strategy", "strategy")


def is_strategy(value: Any) -> bool:
    """Whether something is :func:`strategy`."""
    return isinstance(value, Spec) and (value.mark, value.kind) == (MARK, "strategy")


def dataset(*arrays: Array, batch: int, distributed: bool = False) -> Spec:
    """A ``tf.data.Dataset`` of global batches; the last one is smaller where the examples do not come out even.

    Args:
        *arrays: Arrays with one row for each example; several come as tuples.
        batch: Examples in one global batch.
        distributed: Whether it is distributed already.
    """
    count = len(arrays[0])
    words = f"{'distributed ' * distributed}dataset of {count} examples in batches of {batch}"
    return _stand_in("dataset", words, arrays=tuple(map(np.asarray, arrays)), batch=batch, distributed=distributed)


def batch(*arrays: Array) -> Spec:
    """One global batch of which each replica has its share, as it comes out of a distributed data set.

    Replicas at the end get fewer examples, or none, where they do not come out even.

    Args:
        *arrays: Arrays with one row for each example; several come as a tuple.
    """
    return _stand_in("batch", f"batch of {len(arrays[0])} examples", arrays=tuple(map(np.asarray, arrays)))


def model(kernel: Array, bias: Array, *, name: str = "model") -> Spec:
    """A Keras model of one dense layer, made in the strategy's scope. It notes ``training`` of each call.

    Args:
        kernel: Shape ``(inputs, outputs)``, float32.
        bias: Shape ``(outputs,)``, float32.
        name: What it is called in what is noted.
    """
    return _stand_in("model", name, name=name, kernel=np.asarray(kernel), bias=np.asarray(bias))


def optimizer(learning_rate: float = 0.1, *, name: str = "optimizer") -> Spec:
    """Gradient descent (Keras's ``SGD``), made in the strategy's scope. It notes the number of its steps.

    Args:
        learning_rate: Its learning rate.
        name: What it is called in what is noted.
    """
    return _stand_in("optimizer", name, name=name, learning_rate=learning_rate)


def metric(kind: str = "Mean", *, name: str = "metric") -> Spec:
    """A Keras metric, made in the strategy's scope. It notes where it is updated, and what it has counted.

    Args:
        kind: Name of a class of ``tf.keras.metrics`` that needs no arguments.
        name: What it is called in what is noted.
    """
    return _stand_in("metric", name, name=name, kind=kind)


def loss(kind: str = "squared", *, global_batch: int | None = None, name: str = "loss") -> Spec:
    """A loss function ``loss(labels, predictions)``. It notes how often it is called.

    Args:
        kind: ``"squared"``; or of logits with whole numbers as labels ``"crossentropy"``, or ``"brier"``, which no
            notebook has a name for.
        global_batch: None for one value for each example; or the number by which their sum is divided.
        name: What it is called in what is noted.
    """
    return _stand_in("loss", name, name=name, kind=kind, global_batch=global_batch)
