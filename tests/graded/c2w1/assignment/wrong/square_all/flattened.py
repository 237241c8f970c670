"""Loops over a flattened tensor and loses the shape.

Fails: test_square_all_values, test_square_all_dtypes, test_square_all_sources
"""


def square_all(values):
    return tf.stack([value * value for value in tf.reshape(values, [-1])])
