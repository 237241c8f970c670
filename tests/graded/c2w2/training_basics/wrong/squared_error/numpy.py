"""Computes with NumPy.

Fails: test_squared_error_gradient
"""


def squared_error(y, predictions):
    return tf.constant(np.mean((np.array(predictions) - np.array(y)) ** 2))
