"""Casts everything to float32.

Fails: test_square_all_dtypes, test_square_all_sources
"""


def square_all(values):
    return tf.square(tf.cast(values, tf.float32))
