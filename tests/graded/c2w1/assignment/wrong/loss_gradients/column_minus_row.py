"""Predicts a column, so that every prediction meets every target.

Fails: test_loss_gradients_values, test_loss_gradients_other_sizes
"""


def loss_gradients(w, b, x, y):
    with tf.GradientTape() as tape:
        predictions = tf.matmul(x, w[:, tf.newaxis]) + b
        loss = tf.reduce_mean((predictions - y) ** 2)
    dw, db = tape.gradient(loss, [w, b])
    return dw, db
