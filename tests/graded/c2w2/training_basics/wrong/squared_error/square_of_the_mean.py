"""Takes the mean before it squares.

Fails: test_squared_error_values, test_squared_error_gradient
"""


def squared_error(y, predictions):
    return tf.square(tf.reduce_mean(predictions - y))
