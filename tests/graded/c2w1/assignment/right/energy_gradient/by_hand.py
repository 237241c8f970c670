"""Differentiates by hand."""


def energy_gradient(x):
    if x.dtype == tf.int32:
        x = tf.cast(x, tf.float32)
    mean = tf.reduce_mean(x)
    relative = x / mean
    return 2 * (relative - tf.reduce_mean(relative**2)) / mean
