"""Lets the division make a float and casts that."""


def scale_pixels(pixels):
    return tf.cast(pixels / 255, tf.float32)
