"""Multiplies the sum.

Fails: test_power_sum
"""


@tf.function
def power_sum(x, n):
    total = 1.0
    for _ in tf.range(n):
        total *= x
    return total
