"""Counts the devices of the machine, not those of the strategy.

Fails: test_global_batch_size_value, test_global_batch_size_others
"""


def global_batch_size(strategy: tf.distribute.Strategy, per_replica: int) -> int:
    return per_replica * len(tf.config.list_logical_devices("CPU"))
