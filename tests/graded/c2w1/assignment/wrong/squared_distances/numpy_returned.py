"""Computes in numpy.

Fails: test_squared_distances_values, test_squared_distances_other_sizes
"""


def squared_distances(points, centres):
    differences = points.numpy()[:, None] - centres.numpy()
    return (differences**2).sum(axis=-1)
