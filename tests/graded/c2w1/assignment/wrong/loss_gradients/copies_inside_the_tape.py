"""Asks for the gradient of Variables that were copied through numpy.

Fails: test_loss_gradients_values, test_loss_gradients_other_sizes
"""


def loss_gradients(w, b, x, y):
    with tf.GradientTape() as tape:
        weights, bias = tf.constant(w.numpy()), tf.constant(b.numpy())
        loss = tf.reduce_mean(tf.square(tf.linalg.matvec(x, weights) + bias - y))
    return tape.gradient(loss, [w, b])
