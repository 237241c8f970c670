"""Reduces with einsum."""


def squared_distances(points, centres):
    differences = points[:, None, :] - centres[None, :, :]
    return tf.einsum("pck,pck->pc", differences, differences)
