"""Lets rounding decide how many there are.

Fails: test_timestamps_values
"""


def timestamps(first, step, count):
    return tf.range(first, first + step * count, step)
