"""Takes the root of the mean.

Fails: test_squared_error_values, test_squared_error_gradient
"""


def squared_error(y, predictions):
    return tf.sqrt(tf.reduce_mean(tf.square(predictions - y)))
