"""Works out the global batch size first, and prefetches."""


def distributed_batches(
    strategy: tf.distribute.Strategy, images: tf.Tensor, labels: tf.Tensor, per_replica: int
) -> tf.distribute.DistributedDataset:
    size = strategy.num_replicas_in_sync * per_replica
    batches = tf.data.Dataset.from_tensor_slices((images, labels)).batch(size).prefetch(1)
    return strategy.experimental_distribute_dataset(batches)
