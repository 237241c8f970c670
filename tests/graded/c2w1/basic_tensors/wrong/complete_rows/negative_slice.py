"""Cuts off with a negative index, which takes everything where there is no rest.

Fails: test_complete_rows_values
"""


def complete_rows(values, width):
    return tf.reshape(values[: -(values.shape[0] % width)], (-1, width))
