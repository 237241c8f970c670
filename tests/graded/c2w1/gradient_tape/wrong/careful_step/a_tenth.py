"""Divides by ten.

Fails: test_careful_step_steps
"""


def careful_step(loss, start, learning_rate):
    with tf.GradientTape() as tape:
        tape.watch(start)
        before = loss(start)
    gradient = tape.gradient(before, start)
    while not loss(start - learning_rate * gradient) <= before:
        learning_rate /= 10
    return start - learning_rate * gradient, learning_rate
