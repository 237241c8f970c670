"""Squeezes the table, so that a single point or centre loses its axis.

Fails: test_squared_distances_other_sizes
"""


def squared_distances(points, centres):
    differences = points[:, tf.newaxis] - centres
    return tf.squeeze(tf.reduce_sum(differences * differences, axis=-1))
