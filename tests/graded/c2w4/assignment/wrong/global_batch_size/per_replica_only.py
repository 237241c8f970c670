"""Forgets the replicas.

Fails: test_global_batch_size_value, test_global_batch_size_others
"""


def global_batch_size(strategy: tf.distribute.Strategy, per_replica: int) -> int:
    return per_replica
