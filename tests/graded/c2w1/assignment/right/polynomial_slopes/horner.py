"""Evaluates the polynomial from the highest coefficient down."""


def polynomial_slopes(x, coefficients):
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = tf.zeros_like(x)
        for coefficient in reversed(coefficients):
            value = value * x + coefficient
        total = tf.math.reduce_sum(value)
    return tape.gradient(total, x)
