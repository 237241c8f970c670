"""Overwrites the first content before it is needed.

Fails: test_swap_contents
"""


def swap(a, b):
    a.assign(b)
    b.assign(a)
