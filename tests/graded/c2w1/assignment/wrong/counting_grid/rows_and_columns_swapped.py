"""Gives the columns the number of the rows.

Fails: test_counting_grid_values, test_counting_grid_other_sizes
"""


def counting_grid(rows, cols):
    return tf.reshape(tf.range(1, rows * cols + 1), (cols, rows))
