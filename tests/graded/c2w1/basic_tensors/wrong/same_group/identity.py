"""Thinks that an example is alone in its group.

Fails: test_same_group_table
"""


def same_group(labels):
    return tf.eye(labels.shape[0], dtype=tf.int32)
