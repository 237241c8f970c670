"""Questions about layers, models, losses and metrics."""

from __future__ import annotations

from typing import Any

from ..draw import Draw
from .asking import Asking


class Layers(Asking):
    """Questions about layers, models, losses and metrics."""

    def layer(self, *inputs: Any, weights: Draw, by: str = "shape", config: bool = True, **kwargs: Any) -> Any:
        """A layer or model: its weights, what it computes with drawn ones, and whether its config can make it again.

        Args:
            *inputs: Inputs, one for each call: arrays, or lists of them for several inputs. Give other batch sizes,
                and other shapes where the layer is to take them.
            weights: The check's ``draw``; the trainable weights are drawn from it.
            by: What tells weights of one shape apart: ``"shape"``: the order in which they were made; ``"name"``.
            config: Whether to make it again from its config.
            **kwargs: Passed on in each call, such as ``training=True``.

        Returns:
            For the assertions on layers; see :func:`autograder.probes.layers.layer`.

        Right::

            class f(tf.keras.layers.Layer):
                def __init__(self, units, **kwargs):
                    super().__init__(**kwargs)
                    self.units = units

                def build(self, shape):
                    self.kernel = self.add_weight(shape=(shape[-1], self.units), name="kernel")

                def call(self, x):
                    return tf.nn.relu(x @ self.kernel)

        Wrong::

            class f(tf.keras.layers.Layer):
                def __init__(self, units, **kwargs):
                    super().__init__(**kwargs)
                    self.units = units

                def build(self, shape):
                    self.kernel = self.add_weight(shape=(shape[-1], self.units), name="kernel")

                def call(self, x):
                    return tf.reshape(tf.nn.relu(x @ self.kernel), (4, 2))

        Check::

            def test_f_layer(student, reference, draw):
                x = draw.normal(4, 3)
                actual, desired = (
                    side.f.made(2).layer(x, x[:2], weights=draw.shared("weights")) for side in (student, reference)
                )
                assert_weights(actual, desired)
                assert_outputs(actual, desired)

        Message::

            f raised InvalidArgumentError: …
        """
        seed = int(weights.integers(low=0, high=2**31 - 1, dtype="int64"))
        return self._request("layer", inputs, kwargs, weights=seed, by=by, config=config)

    def loss(self, y_true: Any, y_pred: Any, *args: Any, **kwargs: Any) -> Any:
        """The value and the gradient of a loss, for :func:`autograder.expect.assert_loss`.

        Args:
            y_true: The labels.
            y_pred: The predictions, a float array.
            *args: Its further arguments.
            **kwargs: Its keyword arguments.

        Right::

            def f(y_true, y_pred):
                return tf.reduce_mean(tf.abs(y_true - y_pred))

        Wrong::

            def f(y_true, y_pred):
                return tf.reduce_mean(tf.abs(y_true.numpy() - y_pred.numpy()))

        Check::

            def test_f_loss(student, reference, draw):
                y, p = draw.normal(6, 2), draw.normal(6, 2)
                assert_loss(student.f.loss(y, p), reference.f.loss(y, p))

        Message::

            The gradient of the loss is None: the tape saw no path from the predictions to it.
        """
        return self._request("loss", (y_true, y_pred, *args), kwargs)

    def metric(self, *batches: tuple[Any, ...], graph: bool = False, **kwargs: Any) -> Any:
        """The results of a metric over several batches, for :func:`autograder.expect.assert_metric`.

        Args:
            *batches: What ``update_state`` is called with, one tuple for each batch.
            graph: Whether it is updated in a ``tf.function``.
            **kwargs: Passed on in each update.

        Right::

            class f(tf.keras.metrics.Metric):
                def __init__(self, **kwargs):
                    super().__init__(**kwargs)
                    self.right = self.add_weight(name="right", initializer="zeros")
                    self.seen = self.add_weight(name="seen", initializer="zeros")

                def update_state(self, y_true, y_pred, sample_weight=None):
                    self.right.assign_add(tf.reduce_sum(tf.cast(y_true == tf.round(y_pred), tf.float32)))
                    self.seen.assign_add(tf.cast(tf.size(y_true), tf.float32))

                def result(self):
                    return tf.math.divide_no_nan(self.right.value, self.seen.value)

        Wrong::

            class f(tf.keras.metrics.Metric):
                def __init__(self, **kwargs):
                    super().__init__(**kwargs)
                    self.right = self.add_weight(name="right", initializer="zeros")
                    self.seen = self.add_weight(name="seen", initializer="zeros")

                def update_state(self, y_true, y_pred, sample_weight=None):
                    self.right.assign_add(tf.reduce_sum(tf.cast(y_true == tf.round(y_pred), tf.float32)))
                    self.seen.assign_add(tf.cast(tf.size(y_true), tf.float32))

                def result(self):
                    return self.right / self.seen

        Check::

            def test_f_results(student, reference, draw):
                sizes = (6, 3)
                batches = [(draw.integers(n, high=2).astype("float32"), draw.uniform(n)) for n in sizes]
                assert_metric(student.f.made().metric(*batches), reference.f.made().metric(*batches))

        Message::

            The result before the first batch is not the expected one.
        """
        return self._request("metric", batches, kwargs, graph=graph)
