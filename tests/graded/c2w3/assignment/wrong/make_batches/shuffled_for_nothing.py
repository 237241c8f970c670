"""Does not use what shuffle returns.

Fails: test_make_batches_training, test_make_batches_work
"""


def make_batches(examples, prepare, batch_size, training):
    batches = examples.map(prepare).cache()
    if training:
        batches.shuffle(1000)
    return batches.batch(batch_size, drop_remainder=training).prefetch(1)
