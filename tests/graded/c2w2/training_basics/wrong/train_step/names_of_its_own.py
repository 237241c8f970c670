"""Changes names that only the function knows.

Fails: test_train_step_weights, test_train_step_losses
"""


def train_step(line, x, y, learning_rate):
    w, b = line.w, line.b
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(line(x) - y))
    dw, db = tape.gradient(loss, [w, b])
    w = w - learning_rate * dw
    b = b - learning_rate * db
    return loss
