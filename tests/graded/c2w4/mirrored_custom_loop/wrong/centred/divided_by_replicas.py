"""Divides by the number of replicas.

Fails: test_centred
"""


def centred(share: tf.Tensor) -> tf.Tensor:
    context = tf.distribute.get_replica_context()
    own = [tf.reduce_sum(share), tf.cast(tf.size(share), tf.float32)]
    total, count = context.all_reduce(tf.distribute.ReduceOp.SUM, own)
    return share - total / context.num_replicas_in_sync
