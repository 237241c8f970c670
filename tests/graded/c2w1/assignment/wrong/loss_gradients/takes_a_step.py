"""Takes a step with the gradients, too.

Fails: test_loss_gradients_other_sizes
"""


def loss_gradients(w, b, x, y):
    with tf.GradientTape() as t:
        loss = tf.reduce_mean((tf.linalg.matvec(x, w) + b - y) ** 2)
    g = t.gradient(loss, [w, b])
    w.assign_sub(0.01 * g[0])
    b.assign_sub(0.01 * g[1])
    return g
