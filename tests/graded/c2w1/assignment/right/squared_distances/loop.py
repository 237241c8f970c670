"""Loops over the points."""


def squared_distances(points, centres):
    return tf.stack([tf.reduce_sum((point - centres) ** 2, axis=-1) for point in points])
