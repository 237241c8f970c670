"""Computes in numpy and wraps the result, so that no tape can follow.

Fails: test_square_all_gradient, test_square_all_sources
"""


def square_all(values):
    return tf.constant(np.square(values))
