"""Returns the class of the loss.

Fails: test_make_measures_loss
"""


def make_measures():
    loss = keras.losses.SparseCategoricalCrossentropy
    return loss, keras.metrics.SparseCategoricalAccuracy(), keras.metrics.SparseCategoricalAccuracy()
