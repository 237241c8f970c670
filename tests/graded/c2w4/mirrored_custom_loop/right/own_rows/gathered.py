"""Gathers the rows by their numbers."""


def own_rows(strategy: tf.distribute.Strategy, x: tf.Tensor) -> tf.distribute.DistributedValues:
    def take(x):
        context = tf.distribute.get_replica_context()
        rows = tf.range(context.replica_id_in_sync_group, tf.shape(x)[0], context.num_replicas_in_sync)
        return tf.gather(x, rows)

    return strategy.run(take, args=(x,))
