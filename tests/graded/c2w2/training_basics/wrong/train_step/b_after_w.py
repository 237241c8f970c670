"""Computes the gradient of b with the new w.

Fails: test_train_step_weights, test_train_step_losses
"""


def train_step(line, x, y, learning_rate):
    for weight in (line.w, line.b):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(line(x) - y))
        weight.assign_sub(learning_rate * tape.gradient(loss, weight))
    return loss
