"""Keeps the axis and takes its only place."""


def row_scores(features, weights, bias):
    return tf.reduce_sum(tf.multiply(features, weights), -1, keepdims=True)[:, 0] + bias
