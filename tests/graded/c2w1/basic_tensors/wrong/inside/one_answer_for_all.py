"""Asks whether all elements lie inside.

Fails: test_inside_values
"""


def inside(x, low, high):
    return tf.reduce_all((x >= low) & (x <= high))
