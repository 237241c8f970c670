"""Keeps the scaled images in memory, with a fixed large buffer."""


def prepare(examples, batch_size, training):
    def scale(image, label):
        return tf.cast(image, tf.float32) * (1 / 255), label

    scaled = examples.map(scale, num_parallel_calls=tf.data.AUTOTUNE).cache()
    return (scaled.shuffle(100_000) if training else scaled).batch(batch_size)
