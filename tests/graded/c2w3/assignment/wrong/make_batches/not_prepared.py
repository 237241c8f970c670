"""Forgets to prepare the pictures.

Fails: test_make_batches_training, test_make_batches_testing
"""


def make_batches(examples, prepare, batch_size, training):
    if training:
        examples = examples.shuffle(1000)
    return examples.batch(batch_size, drop_remainder=training)
