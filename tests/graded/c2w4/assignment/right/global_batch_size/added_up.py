"""Adds up a batch for each replica."""


def global_batch_size(strategy: tf.distribute.Strategy, per_replica: int) -> int:
    return sum(per_replica for _ in range(strategy.num_replicas_in_sync))
