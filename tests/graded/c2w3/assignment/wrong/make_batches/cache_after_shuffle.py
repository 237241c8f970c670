"""Caches the order of the first pass.

Fails: test_make_batches_training
"""


def make_batches(examples, prepare, batch_size, training):
    prepared = examples.map(prepare)
    if training:
        prepared = prepared.shuffle(1000)
    return prepared.cache().batch(batch_size, drop_remainder=training)
