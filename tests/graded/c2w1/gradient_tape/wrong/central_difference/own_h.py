"""Ignores the h of the caller.

Fails: test_central_difference_values
"""


def central_difference(curve, x, h):
    h = 1e-3
    return (curve(x + h) - curve(x - h)) / (2 * h)
