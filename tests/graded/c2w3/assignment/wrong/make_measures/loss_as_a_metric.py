"""Collects the cross-entropy in place of the accuracy.

Fails: test_make_measures_accuracy, test_make_measures_two_metrics
"""


def make_measures():
    loss = keras.losses.SparseCategoricalCrossentropy()
    return loss, keras.metrics.SparseCategoricalCrossentropy(), keras.metrics.SparseCategoricalCrossentropy()
