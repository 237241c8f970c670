"""Sums up.

Fails: test_root_mean_square
"""


@tf.function
def root_mean_square(x):
    return tf.sqrt(tf.reduce_sum(tf.square(x)))
