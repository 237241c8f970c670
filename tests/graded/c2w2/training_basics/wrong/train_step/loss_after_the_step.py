"""Returns the loss of the new weights.

Fails: test_train_step_losses
"""


def train_step(line, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(line(x) - y))
    dw, db = tape.gradient(loss, [line.w, line.b])
    line.w.assign_sub(learning_rate * dw)
    line.b.assign_sub(learning_rate * db)
    return tf.reduce_mean(tf.square(line(x) - y))
