"""Does not tell the tape to watch w, which is no Variable.

Fails: test_loss_gradient_values
"""


def loss_gradient(w, x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(tf.linalg.matvec(x, w) - y))
    return tape.gradient(loss, w)
