"""Reads one file after the other, and nothing ahead."""


def read_batches(files: Sequence[str], global_batch: int) -> tf.data.Dataset:
    records = tf.data.TFRecordDataset(files)
    examples = records.map(read_record, num_parallel_calls=tf.data.AUTOTUNE)
    return examples.batch(global_batch, drop_remainder=True)
