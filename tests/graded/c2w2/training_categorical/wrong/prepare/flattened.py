"""Flattens the images.

Fails: test_prepare_validation, test_prepare_training
"""


def prepare(examples, batch_size, training):
    scaled = examples.map(lambda image, label: (tf.reshape(tf.cast(image, tf.float32) / 255.0, [-1]), label))
    if training:
        scaled = scaled.shuffle(len(examples))
    return scaled.batch(batch_size)
