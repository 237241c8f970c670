"""Returns the learning rate that it was given.

Fails: test_careful_step_steps
"""


def careful_step(loss, start, learning_rate):
    with tf.GradientTape() as tape:
        tape.watch(start)
        before = loss(start)
    gradient, rate = tape.gradient(before, start), learning_rate
    while not loss(start - rate * gradient) <= before:
        rate /= 2
    return start - rate * gradient, learning_rate
