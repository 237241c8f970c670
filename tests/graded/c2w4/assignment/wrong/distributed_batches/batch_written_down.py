"""Writes the batch size down.

Fails: test_distributed_batches_values, test_distributed_batches_uneven
"""


def distributed_batches(
    strategy: tf.distribute.Strategy, images: tf.Tensor, labels: tf.Tensor, per_replica: int
) -> tf.distribute.DistributedDataset:
    batches = tf.data.Dataset.from_tensor_slices((images, labels)).batch(64)
    return strategy.experimental_distribute_dataset(batches)
