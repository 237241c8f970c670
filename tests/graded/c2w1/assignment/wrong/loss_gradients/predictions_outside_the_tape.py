"""Computes the predictions before the tape.

Fails: test_loss_gradients_values, test_loss_gradients_other_sizes
"""


def loss_gradients(w, b, x, y):
    predictions = tf.linalg.matvec(x, w) + b
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(predictions - y))
    return tape.gradient(loss, [w, b])
