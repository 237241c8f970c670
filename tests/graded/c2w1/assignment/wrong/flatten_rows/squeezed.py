"""Squeezes, so that a batch of one loses its batch axis.

Fails: test_flatten_rows_other_batches
"""


def flatten_rows(batch):
    return tf.squeeze(tf.reshape(batch, (batch.shape[0], -1)))
