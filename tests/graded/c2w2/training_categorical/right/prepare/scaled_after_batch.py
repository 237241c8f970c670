"""Mixes first, scales whole batches, and prefetches."""


def prepare(examples, batch_size, training):
    batches = examples.shuffle(len(examples)) if training else examples
    batches = batches.batch(batch_size)
    return batches.map(lambda x, y: (tf.image.convert_image_dtype(x, tf.float32), y)).prefetch(tf.data.AUTOTUNE)
