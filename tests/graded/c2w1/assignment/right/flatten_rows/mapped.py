"""Maps over the examples."""


def flatten_rows(batch):
    return tf.map_fn(lambda example: tf.reshape(example, [-1]), batch)
