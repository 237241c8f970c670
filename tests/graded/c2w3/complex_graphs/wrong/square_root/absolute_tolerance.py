"""Forgets that the tolerance is relative.

Fails: test_square_root
"""


@tf.function
def square_root(a, tolerance):
    x = a
    rounds = 0
    while tf.reduce_any(tf.abs(x * x - a) > tolerance):
        x = (x + a / x) / 2.0
        rounds += 1
    return x, rounds
