"""Prepares all pictures beforehand, and draws an order in Python."""


def make_batches(examples, prepare, batch_size, training):
    prepared = list(examples.map(prepare).as_numpy_iterator())

    def in_order():
        for number in np.random.permutation(len(prepared)) if training else range(len(prepared)):
            yield prepared[number]

    spec = examples.map(prepare).element_spec
    batches = tf.data.Dataset.from_generator(in_order, output_signature=spec)
    return batches.batch(batch_size, drop_remainder=training)
