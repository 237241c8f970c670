"""Forgets the step.

Fails: test_timestamps_values
"""


def timestamps(first, step, count):
    return first + tf.range(count, dtype=tf.float32)
