"""Begins the sum with a whole number.

Fails: test_power_sum
"""


@tf.function
def power_sum(x, n):
    total, power = 0, 1
    for _ in tf.range(n):
        total += power
        power *= x
    return total
