"""Sums features and weights before they are multiplied.

Fails: test_row_scores_values, test_row_scores_other_sizes
"""


def row_scores(features, weights, bias):
    return tf.reduce_sum(features, axis=1) * tf.reduce_sum(weights) + bias
