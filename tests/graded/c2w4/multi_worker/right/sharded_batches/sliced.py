"""Takes every so-many-th row before there is a data set."""


def sharded_batches(
    strategy: tf.distribute.Strategy, x: np.ndarray, y: np.ndarray, global_batch: int
) -> tf.distribute.DistributedDataset:
    def of_this_worker(context):
        part = slice(context.input_pipeline_id, None, context.num_input_pipelines)
        own = tf.data.Dataset.from_tensor_slices((x[part], y[part]))
        return own.batch(context.get_per_replica_batch_size(global_batch))

    return strategy.distribute_datasets_from_function(of_this_worker)
