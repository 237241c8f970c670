"""Makes the batches in a function, each of the size of a share."""


def distributed_batches(strategy, images, labels, per_replica):
    def make(context):
        size = context.get_per_replica_batch_size(per_replica * strategy.num_replicas_in_sync)
        return tf.data.Dataset.from_tensor_slices((images, labels)).batch(size)

    return strategy.distribute_datasets_from_function(make)
