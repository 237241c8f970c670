"""Subtracts the mean of the own share.

Fails: test_centred
"""


def centred(share: tf.Tensor) -> tf.Tensor:
    return share - tf.reduce_mean(share)
