"""Looks at one side only.

Fails: test_square_root
"""


@tf.function
def square_root(a, tolerance):
    x = a
    rounds = 0
    while tf.reduce_any(a - x * x > tolerance * a):
        x = (x + a / x) / 2.0
        rounds += 1
    return x, rounds
