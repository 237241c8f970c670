"""Begins with x.

Fails: test_power_sum
"""


@tf.function
def power_sum(x, n):
    total, power = 0.0, x
    for _ in tf.range(n):
        total += power
        power *= x
    return total
