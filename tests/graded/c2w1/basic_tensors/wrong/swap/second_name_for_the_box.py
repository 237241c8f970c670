"""Takes a second name for a copy.

Fails: test_swap_contents
"""


def swap(a, b):
    content = a
    a.assign(b)
    b.assign(content)
