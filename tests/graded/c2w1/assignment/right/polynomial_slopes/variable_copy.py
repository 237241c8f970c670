"""Copies x into a Variable, which is watched by itself."""


def polynomial_slopes(x, coefficients):
    v = tf.Variable(x)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(sum(c * v**power for power, c in enumerate(coefficients)))
    return tape.gradient(total, v)
