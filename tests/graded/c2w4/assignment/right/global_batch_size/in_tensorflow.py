"""Multiplies in TensorFlow, and comes back."""


def global_batch_size(strategy: tf.distribute.Strategy, per_replica: int) -> int:
    return int(tf.constant(per_replica) * strategy.num_replicas_in_sync)
