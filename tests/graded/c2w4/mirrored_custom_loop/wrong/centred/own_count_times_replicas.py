"""Takes all shares for as large as its own.

Fails: test_centred
"""


def centred(share: tf.Tensor) -> tf.Tensor:
    context = tf.distribute.get_replica_context()
    total = context.all_reduce(tf.distribute.ReduceOp.SUM, tf.reduce_sum(share))
    return share - total / (len(share) * context.num_replicas_in_sync)
