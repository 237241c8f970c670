"""Asks whether not all are good."""


@tf.function
def square_root(a, tolerance):
    x = a
    rounds = 0
    while not tf.reduce_all(tf.abs(x * x - a) <= tolerance * a):
        x = (x + a / x) / 2.0
        rounds += 1
    return x, rounds
