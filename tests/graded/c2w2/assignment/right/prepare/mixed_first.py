"""Mixes before everything else, with a larger buffer."""


def prepare(examples, mean, deviation, batch_size, training):
    mixed = examples.shuffle(4096, reshuffle_each_iteration=True) if training else examples

    def is_complete(x, y):
        return tf.math.count_nonzero(tf.math.is_nan(x)) == 0

    def scale(x, y):
        return tf.divide(tf.subtract(x, mean), deviation), tf.reshape(tf.cast(y, tf.float32), (1,))

    return mixed.filter(is_complete).map(scale, num_parallel_calls=tf.data.AUTOTUNE).batch(batch_size)
