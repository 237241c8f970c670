"""Divides with //, which rounds nearly everything to 0.

Fails: test_scale_pixels_images, test_scale_pixels_dtypes
"""


def scale_pixels(pixels):
    return tf.cast(pixels // 255, tf.float32)
