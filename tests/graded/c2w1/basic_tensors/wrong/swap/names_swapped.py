"""Exchanges the names, which nobody else sees.

Fails: test_swap_contents
"""


def swap(a, b):
    a, b = b, a
