"""Divides in float64 and casts in the end."""


def scale_pixels(pixels):
    fractions = tf.cast(pixels, tf.float64) / 255
    return tf.cast(fractions, tf.float32)
