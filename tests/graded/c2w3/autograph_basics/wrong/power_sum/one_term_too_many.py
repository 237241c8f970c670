"""Adds one term too many.

Fails: test_power_sum
"""


@tf.function
def power_sum(x, n):
    total, power = 0.0, 1.0
    for _ in tf.range(n + 1):
        total += power
        power *= x
    return total
