"""Drops the last pictures of the test.

Fails: test_make_batches_testing
"""


def make_batches(examples, prepare, batch_size, training):
    prepared = examples.map(prepare).cache()
    if training:
        prepared = prepared.shuffle(1000)
    return prepared.batch(batch_size, drop_remainder=True)
