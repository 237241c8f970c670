"""Keeps the smaller last batch in training.

Fails: test_make_batches_training
"""


def make_batches(examples, prepare, batch_size, training):
    prepared = examples.map(prepare).cache()
    if training:
        prepared = prepared.shuffle(1000)
    return prepared.batch(batch_size)
