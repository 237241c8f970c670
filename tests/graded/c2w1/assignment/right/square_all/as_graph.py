"""Is decorated and calls a function of its own."""


def _product(a, b):
    return tf.multiply(a, b)


@tf.function
def square_all(values):
    tensor = tf.convert_to_tensor(values)
    return _product(tensor, tensor)
