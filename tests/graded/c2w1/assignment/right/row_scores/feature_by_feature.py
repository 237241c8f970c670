"""Adds one feature after the other."""


def row_scores(features: tf.Tensor, weights: tf.Tensor, bias: tf.Tensor) -> tf.Tensor:
    scores = tf.fill([features.shape[0]], bias)
    for index in range(features.shape[1]):
        scores += weights[index] * features[:, index]
    return scores
