"""Halves once at most.

Fails: test_careful_step_steps
"""


def careful_step(loss, start, learning_rate):
    with tf.GradientTape() as tape:
        tape.watch(start)
        before = loss(start)
    gradient = tape.gradient(before, start)
    if not loss(start - learning_rate * gradient) <= before:
        learning_rate /= 2
    return start - learning_rate * gradient, learning_rate
