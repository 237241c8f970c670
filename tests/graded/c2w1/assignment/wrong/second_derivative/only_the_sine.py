"""Knows the second derivative of the sine, and nothing of the curve.

Fails: test_second_derivative_values, test_second_derivative_other_inputs
"""


def second_derivative(curve, x):
    return -tf.sin(x)
