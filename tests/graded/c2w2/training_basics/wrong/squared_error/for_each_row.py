"""Leaves one number for each row.

Fails: test_squared_error_values
"""


def squared_error(y, predictions):
    return tf.reduce_mean(tf.square(predictions - y), axis=-1)
