"""Multiplies and adds one."""


@tf.function
def power_sum(x, n):
    total = tf.zeros(())
    for _ in tf.range(n):
        total = total * x + 1.0
    return total
