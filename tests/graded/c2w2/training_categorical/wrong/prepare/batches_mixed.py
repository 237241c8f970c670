"""Mixes whole batches.

Fails: test_prepare_training
"""


def prepare(examples, batch_size, training):
    batches = examples.map(lambda image, label: (tf.cast(image, tf.float32) / 255.0, label)).batch(batch_size)
    return batches.shuffle(len(batches)) if training else batches
