"""Takes the loss from Keras."""


def loss_gradients(w, b, x, y):
    with tf.GradientTape() as tape:
        loss = tf.keras.losses.MeanSquaredError()(y, tf.linalg.matvec(x, w) + b)
    return tuple(tape.gradient(loss, (w, b)))
