"""Joins with or, which is always true.

Fails: test_inside_values
"""


def inside(x, low, high):
    return (x >= low) | (x <= high)
