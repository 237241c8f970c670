"""Scales with a layer of Keras, after batch."""


def prepare(examples, batch_size, training):
    scale = tf.keras.layers.Rescaling(1.0 / 255)
    ds = examples.cache()
    if training:
        ds = ds.shuffle(100_000)
    return ds.batch(batch_size).map(lambda x, y: (scale(x), y))
