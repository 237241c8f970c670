"""Computes the last time."""


def timestamps(first, step, count):
    return tf.linspace(first, first + step * (count - 1), count)
