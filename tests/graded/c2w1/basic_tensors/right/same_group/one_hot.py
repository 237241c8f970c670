"""Multiplies memberships."""


def same_group(labels):
    member = tf.one_hot(labels, tf.reduce_max(labels) + 1, dtype=tf.int32)
    return member @ tf.transpose(member)
