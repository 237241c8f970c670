"""Looks at the largest relative error."""


@tf.function
def square_root(a, tolerance):
    x = a
    rounds = 0
    while tf.reduce_max(tf.abs(x * x - a) - tolerance * a) > 0.0:
        x = (x + a / x) / 2.0
        rounds += 1
    return x, rounds
