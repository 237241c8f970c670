"""Gives every device the whole sum of every chunk.

Fails: test_ring_reduce
"""


def ring_reduce(held: tf.Tensor) -> tf.Tensor:
    return tf.stack([tf.reduce_sum(held, axis=0)] * len(held))
