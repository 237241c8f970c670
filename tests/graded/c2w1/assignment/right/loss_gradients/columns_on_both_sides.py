"""Makes columns of both predictions and targets."""


def loss_gradients(w, b, x, y):
    with tf.GradientTape() as tape:
        predictions = x @ tf.reshape(w, (-1, 1)) + b
        loss = tf.reduce_mean(tf.square(predictions - y[:, None]))
    gradients = tape.gradient(loss, {"w": w, "b": b})
    return gradients["w"], gradients["b"]
