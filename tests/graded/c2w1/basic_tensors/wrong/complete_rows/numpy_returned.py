"""Stays in NumPy.

Fails: test_complete_rows_values
"""


def complete_rows(values, width):
    rows = len(values) // width
    return values.numpy()[: rows * width].reshape(rows, width)
