"""Asks for the gradient of a copy that the computation does not use.

Fails: test_polynomial_slopes_values, test_polynomial_slopes_other_inputs
"""


def polynomial_slopes(x, coefficients):
    v = tf.Variable(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(sum(c * x**power for power, c in enumerate(coefficients)))
    return tape.gradient(total, v)
