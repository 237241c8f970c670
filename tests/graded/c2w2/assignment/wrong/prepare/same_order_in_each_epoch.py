"""Draws the order once.

Fails: test_prepare_epochs
"""


def prepare(examples, mean, deviation, batch_size, training):
    complete = examples.filter(lambda x, y: not tf.reduce_any(tf.math.is_nan(x)))
    scaled = complete.map(lambda x, y: ((x - mean) / deviation, tf.cast([y], tf.float32)))
    if training:
        scaled = scaled.shuffle(1000, reshuffle_each_iteration=False)
    return scaled.batch(batch_size)
