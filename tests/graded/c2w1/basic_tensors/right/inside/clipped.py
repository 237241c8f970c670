"""Looks which elements a clip leaves alone."""


def inside(x, low, high):
    return tf.clip_by_value(x, low, high) == x
