"""Looks where the difference is zero."""


def same_group(labels):
    difference = tf.expand_dims(labels, 1) - tf.expand_dims(labels, 0)
    return tf.where(difference == 0, 1, 0)
