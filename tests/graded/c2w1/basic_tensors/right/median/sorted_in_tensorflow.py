"""Sorts in TensorFlow."""


def median(x):
    ordered = tf.sort(tf.reshape(x, [-1]))
    last = tf.size(ordered) - 1
    return (ordered[last // 2] + ordered[(last + 1) // 2]) / 2
