"""Asks the outer tape for the gradient of the curve.

Fails: test_second_derivative_values, test_second_derivative_other_inputs
"""


def second_derivative(curve, x):
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = curve(x)
        inner.gradient(y, x)
    return outer.gradient(y, x)
