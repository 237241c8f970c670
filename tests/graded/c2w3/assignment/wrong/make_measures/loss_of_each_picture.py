"""Gives a loss for each picture.

Fails: test_make_measures_loss
"""


def make_measures():
    loss = keras.losses.SparseCategoricalCrossentropy(reduction="none")
    return loss, keras.metrics.SparseCategoricalAccuracy(), keras.metrics.SparseCategoricalAccuracy()
