"""Reshapes all values, which fails where a row is incomplete.

Fails: test_complete_rows_values
"""


def complete_rows(values, width):
    return tf.reshape(values, (-1, width))
