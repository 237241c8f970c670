"""Adds up one coordinate after the other."""


def squared_distances(points, centres):
    table = tf.zeros((points.shape[0], centres.shape[0]), points.dtype)
    for axis in range(points.shape[1]):
        table += (tf.reshape(points[:, axis], (-1, 1)) - tf.reshape(centres[:, axis], (1, -1))) ** 2
    return table
