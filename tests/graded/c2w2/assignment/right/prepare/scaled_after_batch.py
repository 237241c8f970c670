"""Scales whole batches, and prefetches."""


def prepare(examples, mean, deviation, batch_size, training):
    batches = examples.filter(lambda x, y: tf.reduce_all(tf.math.is_finite(x)))
    if training:
        batches = batches.shuffle(1000)
    batches = batches.batch(batch_size)
    batches = batches.map(lambda x, y: ((x - mean) / deviation, tf.cast(y, tf.float32)[:, tf.newaxis]))
    return batches.prefetch(tf.data.AUTOTUNE)
