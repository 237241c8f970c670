"""What only the notebook's own process can see; nothing here knows an answer."""

from __future__ import annotations

import tensorflow as tf


def make_trainables(notebook, learning_rate, slopes):
    """The model's weights after some steps, each with the same gradient for all of them; without replicas."""
    model, optimizer, _ = notebook["make_trainables"](tf.distribute.get_strategy(), learning_rate)
    weights = model.trainable_variables
    for slope in slopes:
        optimizer.apply([tf.fill(weight.shape, slope) for weight in weights], weights)
    return [tf.convert_to_tensor(weight) for weight in weights]
