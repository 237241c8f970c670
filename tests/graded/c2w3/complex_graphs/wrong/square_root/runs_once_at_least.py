"""Runs the line before it looks.

Fails: test_square_root
"""


@tf.function
def square_root(a, tolerance):
    x, rounds = (a + 1.0) / 2.0, 1
    while tf.reduce_any(tf.abs(x * x - a) > tolerance * a):
        x = (x + a / x) / 2.0
        rounds += 1
    return x, rounds
