"""Caches what comes before the preparation.

Fails: test_make_batches_work
"""


def make_batches(examples, prepare, batch_size, training):
    prepared = examples.cache().map(prepare)
    if training:
        prepared = prepared.shuffle(1000)
    return prepared.batch(batch_size, drop_remainder=training)
