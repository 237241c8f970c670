"""Maps over the points."""


def squared_distances(points, centres):
    return tf.map_fn(lambda point: tf.reduce_sum(tf.square(point - centres), axis=1), points)
