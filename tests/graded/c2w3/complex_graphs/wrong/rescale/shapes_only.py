"""Relaxes shapes, but each Python number is a trace.

Fails: test_rescale
"""


@tf.function(reduce_retracing=True)
def rescale(x, low, high):
    smallest, largest = tf.reduce_min(x), tf.reduce_max(x)
    return low + (high - low) * (x - smallest) / (largest - smallest)
