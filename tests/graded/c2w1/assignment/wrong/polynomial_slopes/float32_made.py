"""Casts x to float32.

Fails: test_polynomial_slopes_other_inputs
"""


def polynomial_slopes(x, coefficients):
    x = tf.cast(x, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(sum(c * x**power for power, c in enumerate(coefficients)))
    return tape.gradient(total, x)
