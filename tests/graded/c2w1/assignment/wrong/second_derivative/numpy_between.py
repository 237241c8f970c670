"""Converts the slope to numpy on the way.

Fails: test_second_derivative_values, test_second_derivative_other_inputs
"""


def second_derivative(curve, x):
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = curve(x)
        slope = tf.constant(inner.gradient(y, x).numpy())
    return outer.gradient(slope, x)
