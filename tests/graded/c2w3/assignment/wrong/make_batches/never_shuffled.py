"""Does not shuffle.

Fails: test_make_batches_training, test_make_batches_work
"""


def make_batches(examples, prepare, batch_size, training):
    return examples.map(prepare).cache().batch(batch_size, drop_remainder=training)
