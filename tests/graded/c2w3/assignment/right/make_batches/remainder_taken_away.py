"""Takes as many full batches as there are."""


def make_batches(examples, prepare, batch_size, training):
    data = examples.map(prepare).cache()
    if training:
        data = data.shuffle(1000)
        return data.batch(batch_size).take(len(examples) // batch_size)
    return data.batch(batch_size)
