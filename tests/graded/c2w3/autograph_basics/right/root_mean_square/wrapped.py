"""Wraps a function."""


def _plain(x):
    return tf.reduce_mean(x**2) ** 0.5


root_mean_square = tf.function(_plain)
