"""Forgets the metric for testing.

Fails: test_make_measures_loss, test_make_measures_accuracy, test_make_measures_two_metrics
"""


def make_measures():
    return keras.losses.SparseCategoricalCrossentropy(), keras.metrics.SparseCategoricalAccuracy()
