"""Squares the slope.

Fails: test_second_derivative_values, test_second_derivative_other_inputs
"""


def second_derivative(curve, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = curve(x)
    return tape.gradient(y, x) ** 2
