"""Takes the step without looking.

Fails: test_careful_step_steps
"""


def careful_step(loss, start, learning_rate):
    with tf.GradientTape() as tape:
        tape.watch(start)
        before = loss(start)
    return start - learning_rate * tape.gradient(before, start), learning_rate
