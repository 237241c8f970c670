"""Brings shares of different shapes.

Fails: test_centred
"""


def centred(share: tf.Tensor) -> tf.Tensor:
    context = tf.distribute.get_replica_context()
    return share - tf.reduce_mean(context.all_reduce(tf.distribute.ReduceOp.MEAN, share))
