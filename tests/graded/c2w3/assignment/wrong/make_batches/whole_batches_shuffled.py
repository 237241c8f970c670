"""Shuffles batches, takes them apart and makes batches again.

Fails: test_make_batches_training
"""


def make_batches(examples, prepare, batch_size, training):
    batches = examples.map(prepare).cache().batch(batch_size)
    if training:
        batches = batches.shuffle(1000).unbatch().batch(batch_size, drop_remainder=True)
    return batches.prefetch(1)
