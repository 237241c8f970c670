"""Takes the root.

Fails: test_square_all_values, test_square_all_dtypes, test_square_all_sources
"""


def square_all(values):
    return tf.sqrt(values)
