"""Writes a chain of comparisons.

Fails: test_inside_values
"""


def inside(x, low, high):
    return low <= x <= high
