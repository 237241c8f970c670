"""Filters the smaller batch out and says the shapes."""


def read_batches(files: Sequence[str], global_batch: int) -> tf.data.Dataset:
    records = tf.data.TFRecordDataset(files, num_parallel_reads=len(files))
    examples = records.map(read_record, num_parallel_calls=tf.data.AUTOTUNE)
    return (
        examples.batch(global_batch)
        .filter(lambda x, y: len(y) == global_batch)
        .map(lambda x, y: (tf.ensure_shape(x, [global_batch, 64]), tf.ensure_shape(y, [global_batch])))
        .prefetch(tf.data.AUTOTUNE)
    )
