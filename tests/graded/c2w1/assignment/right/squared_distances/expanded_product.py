"""Expands the square into three terms."""


def squared_distances(points, centres):
    own = tf.reduce_sum(points**2, axis=1, keepdims=True)
    other = tf.reduce_sum(centres**2, axis=1)
    return own + other - 2 * tf.matmul(points, centres, transpose_b=True)
