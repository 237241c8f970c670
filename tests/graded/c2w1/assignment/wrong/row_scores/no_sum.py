"""Multiplies and does not reduce.

Fails: test_row_scores_values, test_row_scores_other_sizes
"""


def row_scores(features, weights, bias):
    return features * weights + bias
