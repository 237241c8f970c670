"""Subtracts the other way round.

Fails: test_central_difference_values
"""


def central_difference(curve, x, h):
    return (curve(x - h) - curve(x + h)) / (2 * h)
