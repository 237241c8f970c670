"""Takes the mean of both one-sided differences."""


def central_difference(curve, x, h):
    y = curve(x)
    return ((curve(x + h) - y) / h + (y - curve(x - h)) / h) / 2
