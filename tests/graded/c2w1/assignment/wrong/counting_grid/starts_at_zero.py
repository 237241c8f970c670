"""Counts from 0, as tf.range does by itself.

Fails: test_counting_grid_values, test_counting_grid_other_sizes
"""


def counting_grid(rows, cols):
    return tf.reshape(tf.range(rows * cols), (rows, cols))
