"""Counts in a while loop."""


@tf.function
def power_sum(x, n):
    i, total = tf.constant(0), tf.constant(0.0)
    while i < n:
        total += x ** tf.cast(i, tf.float32)
        i += 1
    return total
