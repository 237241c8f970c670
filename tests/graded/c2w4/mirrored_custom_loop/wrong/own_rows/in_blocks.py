"""Takes a block of rows, as a distributed data set gives it.

Fails: test_own_rows
"""


def own_rows(strategy: tf.distribute.Strategy, x: tf.Tensor) -> tf.distribute.DistributedValues:
    def take(x):
        context = tf.distribute.get_replica_context()
        size = -(-len(x) // context.num_replicas_in_sync)
        first = context.replica_id_in_sync_group * size
        return x[first : first + size]

    return strategy.run(take, args=(x,))
