"""Mixes within a buffer that is smaller than the data.

Fails: test_prepare_training
"""


def prepare(examples, mean, deviation, batch_size, training):
    examples = examples.filter(lambda x, y: not tf.reduce_any(tf.math.is_nan(x)))
    examples = examples.map(lambda x, y: ((x - mean) / deviation, tf.cast(y, tf.float32)[tf.newaxis]))
    if training:
        examples = examples.shuffle(256)
    return examples.batch(batch_size)
