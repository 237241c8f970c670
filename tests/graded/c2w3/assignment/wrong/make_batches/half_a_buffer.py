"""Draws from a buffer of 500.

Fails: test_make_batches_work
"""


def make_batches(examples, prepare, batch_size, training):
    batches = examples.map(prepare).cache()
    if training:
        batches = batches.shuffle(500)
    return batches.batch(batch_size, drop_remainder=training).prefetch(1)
