"""Knows of two replicas only.

Fails: test_global_batch_size_others
"""


def global_batch_size(strategy: tf.distribute.Strategy, per_replica: int) -> int:
    return per_replica * min(2, strategy.num_replicas_in_sync)
