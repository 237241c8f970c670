"""Brings all pixels to uint8 and lets tf.image scale them."""


def scale_pixels(pixels):
    return tf.image.convert_image_dtype(tf.cast(pixels, tf.uint8), tf.float32)
