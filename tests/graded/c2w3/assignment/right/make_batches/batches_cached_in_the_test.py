"""Batches before it prepares."""


def make_batches(examples, prepare, batch_size, training):
    if training:
        return examples.map(prepare).cache().shuffle(len(examples)).batch(batch_size, drop_remainder=True)
    return examples.map(prepare).cache().batch(batch_size, drop_remainder=False)
