"""Returns None where the answer is 0.

Fails: test_mixed_derivative_values
"""


def mixed_derivative(surface, x, y):
    with tf.GradientTape() as outer:
        outer.watch(y)
        with tf.GradientTape() as inner:
            inner.watch(x)
            z = surface(x, y)
        slope = inner.gradient(z, x)
    return outer.gradient(slope, y)
