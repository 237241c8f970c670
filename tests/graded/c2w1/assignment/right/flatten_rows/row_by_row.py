"""Flattens each example and stacks them."""


def flatten_rows(batch):
    return tf.stack([tf.reshape(example, [-1]) for example in batch])
