"""Leaves the loop to Python.

Fails: test_power_sum
"""


def power_sum(x, n):
    total, power = tf.constant(0.0), tf.constant(1.0)
    for _ in range(int(n)):
        total += power
        power *= x
    return total
