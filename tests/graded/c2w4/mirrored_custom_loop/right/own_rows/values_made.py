"""Makes the values of each replica outside."""


def own_rows(strategy: tf.distribute.Strategy, x: tf.Tensor) -> tf.distribute.DistributedValues:
    return strategy.experimental_distribute_values_from_function(
        lambda context: x[context.replica_id_in_sync_group :: strategy.num_replicas_in_sync]
    )
