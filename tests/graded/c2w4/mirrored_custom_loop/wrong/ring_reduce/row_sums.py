"""Adds up the chunks of a device.

Fails: test_ring_reduce
"""


def ring_reduce(held: tf.Tensor) -> tf.Tensor:
    return tf.tile(tf.reduce_sum(held, axis=1, keepdims=True), (1, len(held)))
