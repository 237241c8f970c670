"""Numbers the pairs and counts the numbers."""


def confusion_matrix(model, batches):
    counts = tf.zeros(4, tf.int32)
    for x, y in batches:
        decided = tf.cast(model(x, training=False) > 0.5, tf.int32)
        kinds = tf.reshape(2 * tf.cast(y, tf.int32) + decided, [-1])
        counts += tf.math.bincount(kinds, minlength=4)
    return tf.reshape(counts, (2, 2))
