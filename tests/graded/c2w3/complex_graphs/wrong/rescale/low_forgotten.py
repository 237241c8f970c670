"""Begins at zero.

Fails: test_rescale
"""


@tf.function(input_signature=[tf.TensorSpec((None,)), tf.TensorSpec(()), tf.TensorSpec(())])
def rescale(x, low, high):
    smallest, largest = tf.reduce_min(x), tf.reduce_max(x)
    return 0.0 * low + (high - low) * (x - smallest) / (largest - smallest)
