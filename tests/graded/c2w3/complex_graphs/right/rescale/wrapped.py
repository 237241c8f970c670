"""Wraps a function."""


def _rescale(x, low, high):
    smallest, largest = tf.reduce_min(x), tf.reduce_max(x)
    return low + (high - low) * (x - smallest) / (largest - smallest)


rescale = tf.function(_rescale, input_signature=[tf.TensorSpec([None], tf.float32)] + 2 * [tf.TensorSpec([])])
