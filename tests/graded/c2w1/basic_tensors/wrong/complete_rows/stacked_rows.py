"""Stacks a list of rows, which is empty for a short list.

Fails: test_complete_rows_values
"""


def complete_rows(values, width):
    return tf.stack([values[k * width : (k + 1) * width] for k in range(values.shape[0] // width)])
