"""Stops when the first element is good.

Fails: test_square_root
"""


@tf.function
def square_root(a, tolerance):
    x = a
    rounds = 0
    while tf.reduce_all(tf.abs(x * x - a) > tolerance * a):
        x = (x + a / x) / 2.0
        rounds += 1
    return x, rounds
