"""Asks who lies outside."""


def inside(x, low, high):
    return ~((x < low) | (x > high))
