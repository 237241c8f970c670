"""Returns the metrics first.

Fails: test_make_measures_loss, test_make_measures_accuracy, test_make_measures_two_metrics
"""


def make_measures():
    return (
        keras.metrics.SparseCategoricalAccuracy(),
        keras.metrics.SparseCategoricalAccuracy(),
        keras.losses.SparseCategoricalCrossentropy(),
    )
