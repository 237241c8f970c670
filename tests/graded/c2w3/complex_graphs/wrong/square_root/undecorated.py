"""Leaves the loop to Python.

Fails: test_square_root
"""


def square_root(a, tolerance):
    x = a
    rounds = tf.constant(0)
    while tf.reduce_any(tf.abs(x * x - a) > tolerance * a):
        x = (x + a / x) / 2.0
        rounds += 1
    return x, rounds
