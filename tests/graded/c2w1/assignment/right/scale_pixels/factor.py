"""Multiplies by the inverse."""


def scale_pixels(pixels):
    return tf.cast(pixels, tf.float32) * (1.0 / 255.0)
