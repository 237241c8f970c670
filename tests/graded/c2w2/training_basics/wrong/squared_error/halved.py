"""Halves the mean, as some books do.

Fails: test_squared_error_values, test_squared_error_gradient
"""


def squared_error(y, predictions):
    return tf.reduce_mean(tf.square(predictions - y)) / 2.0
