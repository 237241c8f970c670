"""Subtracts the mean of the replicas' means.

Fails: test_centred
"""


def centred(share: tf.Tensor) -> tf.Tensor:
    context = tf.distribute.get_replica_context()
    return share - context.all_reduce(tf.distribute.ReduceOp.MEAN, tf.reduce_mean(share))
