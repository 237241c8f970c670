"""Compares row by row in a loop.

Fails: test_same_group_table
"""


def same_group(labels):
    return tf.stack([tf.cast(labels == label, tf.int32) for label in labels])
