"""Prepares the pictures twice.

Fails: test_make_batches_training, test_make_batches_testing, test_make_batches_work
"""


def make_batches(examples, prepare, batch_size, training):
    prepared = examples.map(prepare).map(prepare).cache()
    if training:
        prepared = prepared.shuffle(1000)
    return prepared.batch(batch_size, drop_remainder=training)
