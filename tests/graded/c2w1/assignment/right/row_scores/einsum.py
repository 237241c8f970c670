"""Uses einsum."""


def row_scores(features, weights, bias):
    return tf.einsum("rf,f->r", features, weights) + bias
