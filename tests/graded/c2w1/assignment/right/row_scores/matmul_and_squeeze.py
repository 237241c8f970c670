"""Multiplies by a column and squeezes the last axis."""


def row_scores(features, weights, bias):
    return tf.squeeze(features @ tf.expand_dims(weights, axis=-1), axis=-1) + bias
