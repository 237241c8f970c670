"""Takes the accuracy for a single probability.

Fails: test_make_measures_accuracy, test_make_measures_two_metrics
"""


def make_measures():
    loss = keras.losses.SparseCategoricalCrossentropy()
    return loss, keras.metrics.BinaryAccuracy(), keras.metrics.BinaryAccuracy()
