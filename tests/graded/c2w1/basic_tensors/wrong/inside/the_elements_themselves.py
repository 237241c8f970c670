"""Returns the elements that lie inside.

Fails: test_inside_values
"""


def inside(x, low, high):
    return x[(x >= low) & (x <= high)]
