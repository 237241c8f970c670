"""Joins with Python's own and.

Fails: test_inside_values
"""


def inside(x, low, high):
    return (x >= low) and (x <= high)
