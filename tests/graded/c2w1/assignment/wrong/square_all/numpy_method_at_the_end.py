"""Converts the right tensor to numpy.

Fails: test_square_all_values, test_square_all_dtypes, test_square_all_sources
"""


def square_all(values):
    return tf.square(values).numpy()
