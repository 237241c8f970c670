"""Takes the loss for one-hot labels.

Fails: test_make_measures_loss
"""


def make_measures():
    loss = keras.losses.CategoricalCrossentropy()
    return loss, keras.metrics.SparseCategoricalAccuracy(), keras.metrics.SparseCategoricalAccuracy()
