"""Computes in numpy.

Fails: test_row_scores_values, test_row_scores_other_sizes
"""


def row_scores(features, weights, bias):
    return np.dot(features, weights) + bias.numpy()
