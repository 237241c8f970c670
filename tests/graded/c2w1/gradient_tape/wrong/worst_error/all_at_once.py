"""Moves all weights at once.

Fails: test_worst_error_values
"""


def worst_error(loss, claimed, weights):
    h = 1e-5
    measured = (loss(weights + h) - loss(weights - h)) / (2 * h)
    return tf.abs(measured - tf.reduce_sum(claimed(weights)))
