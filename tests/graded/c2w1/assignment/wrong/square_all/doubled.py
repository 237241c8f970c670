"""Doubles where squaring is asked.

Fails: test_square_all_values, test_square_all_dtypes, test_square_all_sources
"""


def square_all(values):
    return tf.convert_to_tensor(values) * 2
