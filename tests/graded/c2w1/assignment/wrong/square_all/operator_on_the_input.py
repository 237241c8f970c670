"""Uses an operator on whatever came: a list has none, and numpy stays numpy.

Fails: test_square_all_sources
"""


def square_all(values):
    return values**2
