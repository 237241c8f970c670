"""Adds the squares up.

Fails: test_train_step_weights, test_train_step_losses
"""


def train_step(line, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.square(line(x) - y))
    dw, db = tape.gradient(loss, [line.w, line.b])
    line.w.assign_sub(learning_rate * dw)
    line.b.assign_sub(learning_rate * db)
    return loss
