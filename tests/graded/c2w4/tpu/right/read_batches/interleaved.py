"""Reads the files by turns."""


def read_batches(files: Sequence[str], global_batch: int) -> tf.data.Dataset:
    records = tf.data.Dataset.from_tensor_slices(list(files)).interleave(tf.data.TFRecordDataset)
    examples = records.map(read_record, num_parallel_calls=tf.data.AUTOTUNE)
    return examples.batch(global_batch, drop_remainder=True).prefetch(tf.data.AUTOTUNE)
