"""Writes a pipeline for each use."""


def make_batches(examples, prepare, batch_size, training):
    if not training:
        return examples.map(prepare).batch(batch_size).cache().prefetch(2)
    return examples.map(prepare, deterministic=True).cache().shuffle(5000).batch(batch_size, True).prefetch(2)
