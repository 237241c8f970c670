"""Assigns the change instead of subtracting it.

Fails: test_train_step_weights, test_train_step_losses
"""


def train_step(line, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(line(x) - y))
    dw, db = tape.gradient(loss, [line.w, line.b])
    line.w.assign(learning_rate * dw)
    line.b.assign(learning_rate * db)
    return loss
