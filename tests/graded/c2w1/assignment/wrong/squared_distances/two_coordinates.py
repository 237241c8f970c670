"""Writes out two coordinates, as if all points lay on a plane.

Fails: test_squared_distances_values, test_squared_distances_other_sizes
"""


def squared_distances(points, centres):
    dx = points[:, tf.newaxis, 0] - centres[:, 0]
    dy = points[:, tf.newaxis, 1] - centres[:, 1]
    return dx**2 + dy**2
