"""Uses the functions."""


def inside(x, low, high):
    return tf.logical_and(tf.greater_equal(x, low), tf.less_equal(x, high))
