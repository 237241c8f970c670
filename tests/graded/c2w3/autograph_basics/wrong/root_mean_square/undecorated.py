"""Leaves it a plain function.

Fails: test_root_mean_square
"""


def root_mean_square(x):
    return tf.sqrt(tf.reduce_mean(tf.square(x)))
