"""Writes the elementwise product as an einsum."""


def square_all(values):
    tensor = tf.identity(values)
    return tf.einsum("...,...->...", tensor, tensor)
