"""Shuffles neighbours only.

Fails: test_make_batches_work
"""


def make_batches(examples, prepare, batch_size, training):
    prepared = examples.map(prepare).cache()
    if training:
        prepared = prepared.shuffle(2 * batch_size)
    return prepared.batch(batch_size, drop_remainder=training)
