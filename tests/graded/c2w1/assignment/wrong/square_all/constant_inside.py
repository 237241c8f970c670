"""Copies the values through numpy, which cuts the tape.

Fails: test_square_all_gradient
"""


def square_all(values):
    tensor = tf.convert_to_tensor(values)
    copy = tf.constant(tensor.numpy())
    return copy * copy
