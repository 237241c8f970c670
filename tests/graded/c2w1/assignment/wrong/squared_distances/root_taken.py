"""Takes the square root.

Fails: test_squared_distances_values, test_squared_distances_other_sizes
"""


def squared_distances(points, centres):
    differences = points[:, tf.newaxis] - centres
    return tf.norm(differences, axis=-1)
