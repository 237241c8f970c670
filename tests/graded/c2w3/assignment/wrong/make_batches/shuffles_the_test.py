"""Shuffles for testing too.

Fails: test_make_batches_testing
"""


def make_batches(examples, prepare, batch_size, training):
    return examples.map(prepare).cache().shuffle(1000).batch(batch_size, drop_remainder=training)
