"""Multiplies by a column and returns a column.

Fails: test_row_scores_values, test_row_scores_other_sizes
"""


def row_scores(features, weights, bias):
    return tf.matmul(features, weights[:, tf.newaxis]) + bias
