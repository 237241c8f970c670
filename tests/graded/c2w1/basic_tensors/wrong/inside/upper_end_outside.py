"""Leaves out the upper end.

Fails: test_inside_values
"""


def inside(x, low, high):
    return (x >= low) & (x < high)
