"""Computes the sum before the tape begins to record.

Fails: test_polynomial_slopes_values, test_polynomial_slopes_other_inputs
"""


def polynomial_slopes(x, coefficients):
    total = tf.reduce_sum(sum(c * x**power for power, c in enumerate(coefficients)))
    with tf.GradientTape() as tape:
        tape.watch(x)
    return tape.gradient(total, x)
