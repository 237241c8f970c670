"""Reads the coefficients from the other end, as np.polyval does.

Fails: test_polynomial_slopes_values, test_polynomial_slopes_other_inputs
"""


def polynomial_slopes(x, coefficients):
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(sum(c * x**power for power, c in enumerate(reversed(coefficients))))
    return tape.gradient(total, x)
