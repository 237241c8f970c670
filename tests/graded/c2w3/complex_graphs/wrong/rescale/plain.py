"""Has no signature.

Fails: test_rescale
"""


@tf.function
def rescale(x, low, high):
    smallest, largest = tf.reduce_min(x), tf.reduce_max(x)
    return low + (high - low) * (x - smallest) / (largest - smallest)
