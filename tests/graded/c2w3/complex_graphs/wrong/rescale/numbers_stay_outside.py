"""Leaves half of the work to Python.

Fails: test_rescale
"""


@tf.function(input_signature=[tf.TensorSpec((None,), tf.float32)])
def _from_0_to_1(x):
    return (x - tf.reduce_min(x)) / (tf.reduce_max(x) - tf.reduce_min(x))


def rescale(x, low, high):
    return low + _from_0_to_1(x) * (high - low)
