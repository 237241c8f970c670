"""Distributes the data set, which is not asked.

Fails: test_read_batches
"""


def read_batches(files, global_batch):
    return strategy.experimental_distribute_dataset(
        tf.data.TFRecordDataset(files).map(read_record).batch(global_batch, drop_remainder=True)
    )
