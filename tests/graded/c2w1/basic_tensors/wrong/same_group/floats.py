"""Casts to another dtype.

Fails: test_same_group_table
"""


def same_group(labels):
    return tf.cast(labels[:, tf.newaxis] == labels, tf.float32)
