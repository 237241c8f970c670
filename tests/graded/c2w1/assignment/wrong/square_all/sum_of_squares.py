"""Sums the squares up.

Fails: test_square_all_values, test_square_all_dtypes, test_square_all_sources
"""


def square_all(values):
    return tf.reduce_sum(tf.square(values))
