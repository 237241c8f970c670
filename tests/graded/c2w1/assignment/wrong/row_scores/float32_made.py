"""Casts to float32.

Fails: test_row_scores_other_sizes
"""


def row_scores(features, weights, bias):
    features, weights = tf.cast(features, tf.float32), tf.cast(weights, tf.float32)
    return tf.reduce_sum(features * weights, axis=1) + tf.cast(bias, tf.float32)
