"""Asks for the gradient inside the block of a persistent tape."""


def polynomial_slopes(x, coefficients):
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(x)
        terms = [tf.multiply(tf.cast(c, x.dtype), x**p) for p, c in enumerate(coefficients)]
        total = tf.reduce_sum(tf.add_n(terms))
        result = tape.gradient(total, x)
    del tape
    return result
