"""Differentiates by hand."""


def gradient_and_jacobian(weights, x):
    y = tf.tanh(tf.linalg.matvec(weights, x))
    jacobian = (1 - y**2)[:, tf.newaxis] * weights
    return tf.linalg.matvec(weights, 1 - y**2, transpose_a=True), jacobian
