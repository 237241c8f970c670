"""Shuffles whole batches.

Fails: test_make_batches_training
"""


def make_batches(examples, prepare, batch_size, training):
    batches = examples.map(prepare).cache().batch(batch_size, drop_remainder=training)
    return batches.shuffle(1000) if training else batches
