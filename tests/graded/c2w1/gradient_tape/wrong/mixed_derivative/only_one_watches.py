"""Lets the inner tape watch both and the outer none.

Fails: test_mixed_derivative_values
"""


def mixed_derivative(surface, x, y):
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch([x, y])
            z = surface(x, y)
        slope = inner.gradient(z, x)
    return outer.gradient(slope, y, unconnected_gradients="zero")
