"""Cuts the times off to whole seconds.

Fails: test_timestamps_values
"""


def timestamps(first, step, count):
    return tf.cast(tf.cast(first + step * tf.range(count, dtype=tf.float32), tf.int32), tf.float32)
