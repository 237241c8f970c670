"""Subtracts, which is 0 for the same group.

Fails: test_same_group_table
"""


def same_group(labels):
    return tf.abs(labels[:, tf.newaxis] - labels[tf.newaxis, :])
