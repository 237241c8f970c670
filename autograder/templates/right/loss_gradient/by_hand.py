"""Computes the derivative with pen and paper instead of a tape."""


def loss_gradient(w, x, y):
    errors = tf.linalg.matvec(x, w) - y
    return 2.0 * tf.linalg.matvec(x, errors, transpose_a=True) / tf.cast(tf.size(y), x.dtype)
