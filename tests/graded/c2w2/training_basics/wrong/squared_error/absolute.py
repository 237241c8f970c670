"""Takes sizes instead of squares.

Fails: test_squared_error_values, test_squared_error_gradient
"""


def squared_error(y, predictions):
    return tf.reduce_mean(tf.abs(predictions - y))
