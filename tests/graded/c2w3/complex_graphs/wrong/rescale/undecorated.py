"""Leaves it a plain function.

Fails: test_rescale
"""


def rescale(x, low, high):
    smallest, largest = tf.reduce_min(x), tf.reduce_max(x)
    return low + (high - low) * (x - smallest) / (largest - smallest)
