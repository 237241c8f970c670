"""Divides by the number of values, not by the largest.

Fails: test_prepare_validation, test_prepare_training
"""


def prepare(examples, batch_size, training):
    scaled = examples.map(lambda image, label: (tf.cast(image, tf.float32) / 256.0, label))
    if training:
        scaled = scaled.shuffle(len(examples))
    return scaled.batch(batch_size)
