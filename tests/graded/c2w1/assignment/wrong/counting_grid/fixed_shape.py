"""Types in the shape of the example.

Fails: test_counting_grid_values, test_counting_grid_other_sizes
"""


def counting_grid(rows, cols):
    return tf.reshape(tf.range(1, 7), (2, 3))
