"""Computes the size of a row."""


def flatten_rows(batch):
    size = 1
    for axis in batch.shape[1:]:
        size *= axis
    return tf.reshape(batch, [-1, size])
