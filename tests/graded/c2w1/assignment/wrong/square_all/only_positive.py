"""Goes through logarithms, which negative numbers do not have.

Fails: test_square_all_values, test_square_all_dtypes, test_square_all_sources
"""


def square_all(values):
    return tf.exp(2.0 * tf.math.log(values))
