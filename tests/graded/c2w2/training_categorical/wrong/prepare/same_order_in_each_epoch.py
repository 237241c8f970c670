"""Draws the order once.

Fails: test_prepare_training
"""


def prepare(examples, batch_size, training):
    scaled = examples.map(lambda image, label: (tf.cast(image, tf.float32) / 255.0, label))
    if training:
        scaled = scaled.shuffle(len(examples), reshuffle_each_iteration=False)
    return scaled.batch(batch_size)
