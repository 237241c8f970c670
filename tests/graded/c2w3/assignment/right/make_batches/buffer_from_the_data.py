"""Takes the size of the buffer from the data."""


def make_batches(examples, prepare, batch_size, training):
    prepared = examples.map(prepare).cache()
    if training:
        prepared = prepared.shuffle(prepared.cardinality())
    return prepared.batch(batch_size, drop_remainder=training)
