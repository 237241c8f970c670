"""Gives each row one weight, which runs for square tables only.

Fails: test_row_scores_values, test_row_scores_other_sizes
"""


def row_scores(features, weights, bias):
    return tf.reduce_sum(features * weights[:, tf.newaxis], axis=1) + bias
