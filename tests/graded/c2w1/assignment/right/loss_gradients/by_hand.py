"""Differentiates by hand."""


def loss_gradients(w, b, x, y):
    errors = tf.linalg.matvec(x, w) + b - y
    return 2 * tf.reduce_mean(errors[:, tf.newaxis] * x, axis=0), 2 * tf.reduce_mean(errors)
