"""Begins with 1, which gives the same as soon as the line has run once.

Fails: test_square_root
"""


@tf.function
def square_root(a, tolerance):
    x, rounds = tf.ones_like(a), 0
    while tf.reduce_any(tf.abs(x * x - a) > tolerance * a):
        x = (x + a / x) / 2.0
        rounds += 1
    return x, rounds
