"""Repeats the training data for ever.

Fails: test_make_batches_training
"""


def make_batches(examples, prepare, batch_size, training):
    prepared = examples.map(prepare).cache()
    if training:
        prepared = prepared.shuffle(1000).repeat()
    return prepared.batch(batch_size, drop_remainder=training)
