"""Applies a second softmax.

Fails: test_make_measures_loss
"""


def make_measures():
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return loss, keras.metrics.SparseCategoricalAccuracy(), keras.metrics.SparseCategoricalAccuracy()
