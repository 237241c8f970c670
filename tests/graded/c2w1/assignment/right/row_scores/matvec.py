"""Multiplies matrix and vector."""


def row_scores(features, weights, bias):
    return tf.linalg.matvec(features, weights) + bias
