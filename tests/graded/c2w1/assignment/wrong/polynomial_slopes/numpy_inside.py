"""Evaluates the polynomial with numpy, where no tape can follow.

Fails: test_polynomial_slopes_values, test_polynomial_slopes_other_inputs
"""


def polynomial_slopes(x, coefficients):
    with tf.GradientTape() as tape:
        tape.watch(x)
        values = np.polyval(coefficients[::-1], x.numpy())
        total = tf.reduce_sum(tf.constant(values))
    return tape.gradient(total, x)
