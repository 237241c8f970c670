"""Halves before it looks.

Fails: test_careful_step_steps
"""


def careful_step(loss, start, learning_rate):
    with tf.GradientTape() as tape:
        tape.watch(start)
        before = loss(start)
    gradient = tape.gradient(before, start)
    while True:
        learning_rate /= 2
        if loss(start - learning_rate * gradient) <= before:
            return start - learning_rate * gradient, learning_rate
