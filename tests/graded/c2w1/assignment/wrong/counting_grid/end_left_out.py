"""Forgets that tf.range stops before its end.

Fails: test_counting_grid_values, test_counting_grid_other_sizes
"""


def counting_grid(rows, cols):
    return tf.reshape(tf.range(1, rows * cols), (rows, cols))
