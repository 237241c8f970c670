"""Leaves the bias out of the predictions.

Fails: test_loss_gradients_values, test_loss_gradients_other_sizes
"""


def loss_gradients(w, b, x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(tf.linalg.matvec(x, w) - y))
    return tape.gradient(loss, [w, b])
