"""Counts column after column: reshapes to the wrong shape and transposes.

Fails: test_counting_grid_values, test_counting_grid_other_sizes
"""


def counting_grid(rows, cols):
    return tf.transpose(tf.reshape(tf.range(1, rows * cols + 1), (cols, rows)))
