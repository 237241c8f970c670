"""Writes the batch size down.

Fails: test_global_batch_size_value, test_global_batch_size_others
"""


def global_batch_size(strategy: tf.distribute.Strategy, per_replica: int) -> int:
    return 64 * strategy.num_replicas_in_sync
