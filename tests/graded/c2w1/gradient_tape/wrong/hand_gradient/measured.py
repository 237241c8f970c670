"""Measures the gradient.

Fails: test_hand_gradient_values
"""


def hand_gradient(w, x, y):
    h = 1e-5
    return (smooth_error(w + h, x, y) - smooth_error(w - h, x, y)) / (2 * h)
