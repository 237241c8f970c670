"""Sums over the batch.

Fails: test_make_measures_loss
"""


def make_measures():
    loss = keras.losses.SparseCategoricalCrossentropy(reduction="sum")
    return loss, keras.metrics.SparseCategoricalAccuracy(), keras.metrics.SparseCategoricalAccuracy()
