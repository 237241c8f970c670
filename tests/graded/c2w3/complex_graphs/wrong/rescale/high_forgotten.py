"""Stretches to a range of one.

Fails: test_rescale
"""


@tf.function(input_signature=[tf.TensorSpec((None,)), tf.TensorSpec(()), tf.TensorSpec(())])
def rescale(x, low, high):
    smallest, largest = tf.reduce_min(x), tf.reduce_max(x)
    return low + 0.0 * high + (x - smallest) / (largest - smallest)
