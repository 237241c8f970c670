"""Returns the list that the tape gives."""


def loss_gradients(w, b, x, y):
    with tf.GradientTape() as tape:
        errors = y - (tf.einsum("rf,f->r", x, w) + b)
        loss = tf.reduce_sum(errors * errors) / len(y)
    return tape.gradient(loss, [w, b])
