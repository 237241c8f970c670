"""Squares the Variable itself.

Fails: test_square_all_sources
"""


def square_all(values):
    if isinstance(values, tf.Variable):
        values.assign(values * values)
        return tf.convert_to_tensor(values)
    return tf.square(values)
