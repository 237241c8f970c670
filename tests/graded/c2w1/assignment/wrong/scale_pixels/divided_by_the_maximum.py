"""Divides by the brightest pixel of each image.

Fails: test_scale_pixels_images, test_scale_pixels_dtypes
"""


def scale_pixels(pixels):
    pixels = tf.cast(pixels, tf.float32)
    return pixels / tf.reduce_max(pixels)
