"""Adds the squares up.

Fails: test_squared_error_values, test_squared_error_gradient
"""


def squared_error(y, predictions):
    return tf.reduce_sum(tf.square(predictions - y))
