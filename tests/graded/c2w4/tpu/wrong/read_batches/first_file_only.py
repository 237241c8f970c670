"""Reads the first file only.

Fails: test_read_batches
"""


def read_batches(files: Sequence[str], global_batch: int) -> tf.data.Dataset:
    records = tf.data.TFRecordDataset(files[0])
    examples = records.map(read_record, num_parallel_calls=tf.data.AUTOTUNE)
    return examples.batch(global_batch, drop_remainder=True).prefetch(tf.data.AUTOTUNE)
