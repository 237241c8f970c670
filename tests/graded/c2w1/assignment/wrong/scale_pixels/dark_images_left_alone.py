"""Takes an image of zeros and ones for one that is scaled already.

Fails: test_scale_pixels_dtypes
"""


def scale_pixels(pixels):
    p = tf.cast(pixels, tf.float32)
    return p / 255 if tf.reduce_max(p) > 1 else p
