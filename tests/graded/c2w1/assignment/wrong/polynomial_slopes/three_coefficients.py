"""Writes out a polynomial of degree 2.

Fails: test_polynomial_slopes_values, test_polynomial_slopes_other_inputs
"""


def polynomial_slopes(x, coefficients):
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(coefficients[0] + coefficients[1] * x + coefficients[2] * x * x)
    return tape.gradient(total, x)
