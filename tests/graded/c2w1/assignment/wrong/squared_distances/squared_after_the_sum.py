"""Sums first and squares then.

Fails: test_squared_distances_values, test_squared_distances_other_sizes
"""


def squared_distances(points, centres):
    return tf.square(tf.reduce_sum(points[:, tf.newaxis] - centres, axis=-1))
