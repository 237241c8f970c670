"""What only the notebook's own process can see; nothing here knows an answer."""

from __future__ import annotations

import tensorflow as tf


def make_trainables(notebook, learning_rate, slopes, labels, logits):
    """What came of some use of the three; without replicas.

    Returns:
        The model's ``weights`` after some steps, each with the same gradient for all of them, and what the ``metric``
        says of some labels and logits: None where it cannot say anything.
    """
    model, optimizer, metric = notebook["make_trainables"](tf.distribute.get_strategy(), learning_rate)
    weights = model.trainable_variables
    for slope in slopes:
        optimizer.apply([tf.fill(weight.shape, slope) for weight in weights], weights)
    try:
        metric.update_state(labels[:4], logits[:4])
        metric.update_state(labels[4:], logits[4:])
        told = float(metric.result())
    except Exception:  # another kind of metric takes other arguments
        told = None
    return {"weights": [tf.convert_to_tensor(weight) for weight in weights], "metric": told}
