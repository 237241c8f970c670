"""Yields the examples from Python, in an order that numpy draws for each epoch."""


def prepare(examples, mean, deviation, batch_size, training):
    rows = [(x, y) for x, y in examples.as_numpy_iterator() if not np.any(np.isnan(x))]

    def generate():
        order = np.random.permutation(len(rows)) if training else range(len(rows))
        for k in order:
            x, y = rows[k]
            yield (x - mean) / deviation, [float(y)]

    signature = (tf.TensorSpec((len(mean),), tf.float32), tf.TensorSpec((1,), tf.float32))
    return tf.data.Dataset.from_generator(generate, output_signature=signature).batch(batch_size)
