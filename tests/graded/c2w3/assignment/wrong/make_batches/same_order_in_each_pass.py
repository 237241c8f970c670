"""Shuffles once and for all.

Fails: test_make_batches_training
"""


def make_batches(examples, prepare, batch_size, training):
    prepared = examples.map(prepare).cache()
    if training:
        prepared = prepared.shuffle(1000, reshuffle_each_iteration=False)
    return prepared.batch(batch_size, drop_remainder=training)
