"""Never mixes.

Fails: test_prepare_training
"""


def prepare(examples, mean, deviation, batch_size, training):
    complete = examples.filter(lambda x, y: not tf.reduce_any(tf.math.is_nan(x)))
    scaled = complete.map(lambda x, y: ((x - mean) / deviation, tf.cast([y], tf.float32)))
    return scaled.batch(batch_size)
