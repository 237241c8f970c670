"""Looks for missing ratings in the first column only.

Fails: test_prepare_validation, test_prepare_training, test_prepare_other_data
"""


def prepare(examples, mean, deviation, batch_size, training):
    complete = examples.filter(lambda x, y: not tf.math.is_nan(x[0]))
    scaled = complete.map(lambda x, y: ((x - mean) / deviation, tf.cast([y], tf.float32)))
    if training:
        scaled = scaled.shuffle(1000)
    return scaled.batch(batch_size)
