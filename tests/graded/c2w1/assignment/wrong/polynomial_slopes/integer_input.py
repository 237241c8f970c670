"""Casts x to whole numbers, which have no gradient.

Fails: test_polynomial_slopes_values, test_polynomial_slopes_other_inputs
"""


def polynomial_slopes(x, coefficients):
    x = tf.cast(x, tf.int32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(sum(c * tf.cast(x**power, tf.float32) for power, c in enumerate(coefficients)))
    return tape.gradient(total, x)
