"""Takes both contents out first."""


def swap(a, b):
    one, other = a + 0, b + 0
    a.assign(other)
    b.assign(one)
