"""Leaves out the ends.

Fails: test_inside_values
"""


def inside(x, low, high):
    return (x > low) & (x < high)
