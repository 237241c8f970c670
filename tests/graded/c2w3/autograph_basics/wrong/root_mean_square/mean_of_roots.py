"""Takes the root first.

Fails: test_root_mean_square
"""


@tf.function
def root_mean_square(x):
    return tf.reduce_mean(tf.sqrt(tf.square(x)))
