"""Returns answers for numbers.

Fails: test_same_group_table
"""


def same_group(labels):
    return labels[:, tf.newaxis] == labels[tf.newaxis, :]
