"""Uses int8, which overflows in a large grid.

Fails: test_counting_grid_other_sizes
"""


def counting_grid(rows, cols):
    numbers = tf.range(1, rows * cols + 1)
    return tf.reshape(tf.cast(numbers, tf.int8), (rows, cols))
