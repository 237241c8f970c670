"""Inserts the axes with expand_dims."""


def squared_distances(points, centres):
    squares = tf.math.squared_difference(tf.expand_dims(points, 1), tf.expand_dims(centres, 0))
    return tf.math.reduce_sum(squares, 2)
