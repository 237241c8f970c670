"""Wants the loss to become smaller, which it cannot at the bottom.

Fails: test_careful_step_steps
"""


def careful_step(loss, start, learning_rate):
    with tf.GradientTape() as tape:
        tape.watch(start)
        before = loss(start)
    gradient = tape.gradient(before, start)
    for _ in range(30):
        if loss(start - learning_rate * gradient) < before:
            break
        learning_rate /= 2
    return start - learning_rate * gradient, learning_rate
