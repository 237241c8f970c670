"""Multiplies with numpy, so the tape sees the bias only.

Fails: test_loss_gradients_values, test_loss_gradients_other_sizes
"""


def loss_gradients(w, b, x, y):
    with tf.GradientTape() as tape:
        predictions = np.dot(x, w.numpy()) + b
        loss = tf.reduce_mean(tf.square(predictions - y))
    dw, db = tape.gradient(loss, [w, b])
    return dw, db
