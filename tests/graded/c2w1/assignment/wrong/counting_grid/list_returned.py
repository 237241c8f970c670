"""Returns a list of lists.

Fails: test_counting_grid_values, test_counting_grid_other_sizes
"""


def counting_grid(rows, cols):
    return [[row * cols + col + 1 for col in range(cols)] for row in range(rows)]
