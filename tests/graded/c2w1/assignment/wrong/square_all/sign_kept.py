"""Multiplies by the absolute value, so negative numbers stay negative.

Fails: test_square_all_values, test_square_all_dtypes, test_square_all_sources
"""


def square_all(values):
    tensor = tf.convert_to_tensor(values)
    return tensor * tf.abs(tensor)
