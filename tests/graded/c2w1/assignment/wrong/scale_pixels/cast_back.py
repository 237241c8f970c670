"""Casts the fractions back to whole numbers.

Fails: test_scale_pixels_images, test_scale_pixels_dtypes
"""


def scale_pixels(pixels):
    return tf.cast(tf.cast(pixels, tf.float32) / 255.0, pixels.dtype)
