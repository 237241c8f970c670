"""Makes a float tensor where whole numbers are asked.

Fails: test_counting_grid_values, test_counting_grid_other_sizes
"""


def counting_grid(rows, cols):
    return tf.reshape(tf.range(1.0, rows * cols + 1), (rows, cols))
