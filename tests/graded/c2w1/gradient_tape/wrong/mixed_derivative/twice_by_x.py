"""Differentiates twice with respect to x.

Fails: test_mixed_derivative_values
"""


def mixed_derivative(surface, x, y):
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            z = surface(x, y)
        slope = inner.gradient(z, x)
    return outer.gradient(slope, x, unconnected_gradients="zero")
