"""Divides one mean by the other."""


def centred(share: tf.Tensor) -> tf.Tensor:
    context = tf.distribute.get_replica_context()
    own = [tf.reduce_sum(share), tf.cast(tf.size(share), tf.float32)]
    total, count = context.all_reduce(tf.distribute.ReduceOp.MEAN, own)
    return share - total / count
