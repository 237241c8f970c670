"""Gives the line new tensors instead of changing its Variables.

Fails: test_train_step_weights, test_train_step_losses
"""


def train_step(line, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(line(x) - y))
    dw, db = tape.gradient(loss, [line.w, line.b])
    line.w = line.w - learning_rate * dw
    line.b = line.b - learning_rate * db
    return loss
