"""Mixes with a small buffer.

Fails: test_prepare_training
"""


def prepare(examples, batch_size, training):
    scaled = examples.map(lambda image, label: (tf.cast(image, tf.float32) / 255.0, label))
    if training:
        scaled = scaled.shuffle(4)
    return scaled.batch(batch_size)
