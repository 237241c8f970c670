"""Takes ten rounds.

Fails: test_square_root
"""


@tf.function
def square_root(a, tolerance):
    x = a
    for _ in tf.range(10):
        x = (x + a / x) / 2.0
    return x, tf.constant(10)
