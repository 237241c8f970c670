"""Compares each label with itself.

Fails: test_same_group_table
"""


def same_group(labels):
    return tf.cast(labels == labels, tf.int32)
