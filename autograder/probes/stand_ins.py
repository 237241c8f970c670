"""What checks of distribution hand to a notebook's code: strategies, data sets, models, metrics, made of plain data.

:mod:`autograder.expect.stand_in` describes them; here they are made, in the scope of the strategy, and take note of how
they are used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf
from tensorflow.python.autograph.impl.api import autograph_artifact

KEY = "stand-in"  # of the dicts that describe one


class Made:
    """The stand-ins of one call.

    Args:
        strategy: The strategy under which it is made.
    """

    def __init__(self, strategy: Any) -> None:
        self._strategy = strategy
        self._models: list[Any] = []
        self._optimizers: list[Any] = []
        self._states: dict[str, Callable[[], Any]] = {}

    def build(self, value: Any) -> Any:
        """A value with every description of a stand-in replaced by what it describes."""
        if type(value) is dict and KEY in value:
            options = dict(value)
            make: Callable[..., Any] = getattr(self, f"_make_{options.pop(KEY)}")
            return make(**options)
        if type(value) is dict:
            return {key: self.build(item) for key, item in value.items()}
        if type(value) in (tuple, list):
            return type(value)(map(self.build, value))
        return value

    def finish(self) -> None:
        """Make the variables of optimizers, which cannot be made within a ``tf.function`` that runs on replicas."""
        with self._strategy.scope():
            for optimizer in self._optimizers:
                optimizer.build([variable for model in self._models for variable in model.trainable_variables])
        self._strategy.noted.variables.clear()  # these were made right

    def states(self) -> dict[str, Any]:
        """How each stand-in was used, by its name."""
        return {name: state() for name, state in self._states.items()}

    # -- one method for each kind

    def _make_strategy(self) -> Any:
        return self._strategy

    def _make_dataset(self, arrays: tuple[Any, ...], batch: int, distributed: bool) -> Any:
        tensors = tuple(arrays) if len(arrays) > 1 else arrays[0]
        dataset = tf.data.Dataset.from_tensor_slices(tensors).batch(batch)
        if not distributed:
            return dataset
        return self._strategy.unnoted("experimental_distribute_dataset", dataset)

    def _make_batch(self, arrays: tuple[Any, ...]) -> Any:
        """One global batch, each replica with its share: as a distributed data set gives it."""
        size = -(-len(arrays[0]) // self._strategy.num_replicas_in_sync)

        def share(context: Any) -> Any:
            start = context.replica_id_in_sync_group * size
            parts = tuple(array[start : start + size] for array in arrays)
            return parts if len(parts) > 1 else parts[0]

        return self._strategy.experimental_distribute_values_from_function(share)

    def _make_model(self, name: str, kernel: Any, bias: Any) -> Any:
        training: list[Any] = []

        class Model(tf.keras.Model):  # type: ignore[misc]
            """One dense layer."""

            def __init__(self) -> None:
                super().__init__()
                self.dense = tf.keras.layers.Dense(kernel.shape[1])

            def call(self, inputs: Any, training: Any = None) -> Any:
                note(training)
                return self.dense(inputs)

        def note(flag: Any) -> None:
            training.append(flag if flag is None or isinstance(flag, bool) else "tensor")

        with self._strategy.scope():
            model = Model()
            model(tf.zeros((1, kernel.shape[0])))
            model.dense.set_weights([kernel, bias])
        training.clear()
        self._models.append(model)
        self._states[name] = lambda: {
            "training": training[:100],
            "weights": list(map(tf.constant, model.get_weights())),
        }
        return model

    def _make_optimizer(self, name: str, learning_rate: float) -> Any:
        with self._strategy.scope():
            optimizer = tf.keras.optimizers.SGD(learning_rate)
        self._optimizers.append(optimizer)
        self._states[name] = lambda: {"iterations": int(optimizer.iterations.numpy())}
        return optimizer

    def _make_metric(self, name: str, kind: str) -> Any:
        base = getattr(tf.keras.metrics, kind)
        updates = {"inside": 0, "outside": 0}

        def update_state(metric: Any, *args: Any, **kwargs: Any) -> Any:
            # Where no strategy is entered, TensorFlow speaks of a replica, too: the only one of its default strategy.
            on_replica = tf.distribute.has_strategy() and not tf.distribute.in_cross_replica_context()
            updates["inside" if on_replica else "outside"] += 1
            return base.update_state(metric, *args, **kwargs)

        with self._strategy.scope():
            metric = type(kind, (base,), {"update_state": autograph_artifact(update_state)})()
        counted = getattr(metric, "count", None)
        self._states[name] = lambda: {
            "result": metric.result(),
            "count": None if counted is None else float(counted.numpy()),
            **updates,
        }
        return metric

    def _make_loss(self, name: str, kind: str, global_batch: int | None) -> Any:
        calls = 0

        def loss(labels: Any, predictions: Any) -> Any:
            nonlocal calls
            calls += 1
            each = per_example(kind, labels, predictions)
            return each if global_batch is None else tf.reduce_sum(each) / tf.cast(global_batch, each.dtype)

        self._states[name] = lambda: {"calls": calls}
        return autograph_artifact(loss)


def per_example(kind: str, labels: Any, predictions: Any) -> Any:
    """The loss of each example of a batch.

    Args:
        kind: ``"squared"``, the mean of the squared errors over the last axis; or, of logits and whole numbers as
            labels, ``"crossentropy"`` or ``"brier"``, the squared distance of the probabilities from the truth.
        labels: Shape ``(batch, outputs)``, or ``(batch,)`` where they are whole numbers.
        predictions: Shape ``(batch, outputs)``.

    Returns:
        Shape ``(batch,)``.
    """
    if kind == "squared":
        return tf.reduce_mean(tf.square(predictions - tf.cast(labels, predictions.dtype)), axis=-1)
    if kind == "brier":
        truth = tf.one_hot(labels, tf.shape(predictions)[-1], dtype=predictions.dtype)
        return tf.reduce_sum(tf.square(tf.nn.softmax(predictions) - truth), axis=-1)
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, predictions)
