"""Uses tf.divide."""


def scale_pixels(pixels):
    return tf.math.divide(tf.cast(pixels, dtype="float32"), tf.constant(255.0))
