"""Fills the last batch up by beginning anew.

Fails: test_read_batches
"""


def read_batches(files: Sequence[str], global_batch: int) -> tf.data.Dataset:
    records = tf.data.TFRecordDataset(files, num_parallel_reads=len(files))
    examples = records.map(read_record, num_parallel_calls=tf.data.AUTOTUNE)
    return (
        examples.repeat()
        .batch(global_batch, drop_remainder=True)
        .take(-(-sum(1 for _ in records) // global_batch))
        .prefetch(tf.data.AUTOTUNE)
    )
