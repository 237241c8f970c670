"""Knows grey and colour images and nothing else.

Fails: test_flatten_rows_other_batches
"""


def flatten_rows(batch):
    height, width = batch.shape[1], batch.shape[2]
    channels = batch.shape[3] if len(batch.shape) == 4 else 1
    return tf.reshape(batch, (batch.shape[0], height * width * channels))
