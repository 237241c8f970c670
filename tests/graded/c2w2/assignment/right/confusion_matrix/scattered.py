"""Adds 1 at each pair of classes."""


def confusion_matrix(model, batches):
    table = tf.zeros((2, 2), tf.int64)
    for x, y in batches:
        decided = tf.cast(model(x, training=False) > 0.5, tf.int64)
        pairs = tf.concat([tf.cast(y, tf.int64), decided], axis=1)
        table = tf.tensor_scatter_nd_add(table, pairs, tf.ones(len(pairs), tf.int64))
    return table
