"""Returns the difference.

Fails: test_central_difference_values
"""


def central_difference(curve, x, h):
    return curve(x + h) - curve(x - h)
