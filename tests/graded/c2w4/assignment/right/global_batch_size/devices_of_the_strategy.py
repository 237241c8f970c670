"""Counts the devices of the strategy."""


def global_batch_size(strategy: tf.distribute.Strategy, per_replica: int) -> int:
    return per_replica * len(strategy.extended.worker_devices)
