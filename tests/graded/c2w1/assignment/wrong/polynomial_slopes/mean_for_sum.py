"""Differentiates the mean.

Fails: test_polynomial_slopes_values, test_polynomial_slopes_other_inputs
"""


def polynomial_slopes(x, coefficients):
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_mean(sum(c * x**power for power, c in enumerate(coefficients)))
    return tape.gradient(total, x)
