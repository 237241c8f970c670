"""Prepares and batches in parallel."""


def make_batches(examples, prepare, batch_size, training):
    data = examples.map(prepare, num_parallel_calls=4).cache()
    data = data.shuffle(1000, reshuffle_each_iteration=True) if training else data
    return data.batch(batch_size, drop_remainder=training, num_parallel_calls=2).prefetch(tf.data.AUTOTUNE)
