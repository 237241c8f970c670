"""Uses a formula and has no loop.

Fails: test_power_sum
"""


@tf.function
def power_sum(x, n):
    return (1.0 - x ** tf.cast(n, tf.float32)) / (1.0 - x)
