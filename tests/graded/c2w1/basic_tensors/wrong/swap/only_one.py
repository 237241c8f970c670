"""Fills one box only.

Fails: test_swap_contents
"""


def swap(a, b):
    a.assign(b)
