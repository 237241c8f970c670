"""Scales to the range from -1 to 1.

Fails: test_scale_pixels_images, test_scale_pixels_dtypes
"""


def scale_pixels(pixels):
    return tf.cast(pixels, tf.float32) / 127.5 - 1.0
