"""Sums up ones."""


def counting_grid(rows, cols):
    ones = tf.ones((rows * cols,), dtype=tf.int32)
    return tf.reshape(tf.cumsum(ones), (rows, -1))
