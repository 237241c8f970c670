"""Returns a numpy array.

Fails: test_counting_grid_values, test_counting_grid_other_sizes
"""


def counting_grid(rows, cols):
    return np.arange(1, rows * cols + 1).reshape(rows, cols)
