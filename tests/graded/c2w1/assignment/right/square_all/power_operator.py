"""Converts, then uses the operator."""


def square_all(values):
    return tf.convert_to_tensor(values) ** 2
