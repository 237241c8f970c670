"""Works with tf.shape, as one does in a graph."""


def flatten_rows(batch):
    shape = tf.shape(batch)
    return tf.reshape(batch, tf.stack([shape[0], tf.reduce_prod(shape[1:])]))
