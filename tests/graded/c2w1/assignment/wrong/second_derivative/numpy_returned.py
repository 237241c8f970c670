"""Returns a numpy array.

Fails: test_second_derivative_values, test_second_derivative_other_inputs
"""


def second_derivative(curve, x):
    v = tf.Variable(x)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = curve(v)
        slope = inner.gradient(y, v)
    return outer.gradient(slope, v).numpy()
