"""Keeps the position before each step, so the last one is missing.

Fails: test_descend_path, test_descend_other_starts, test_descend_variable
"""


def descend(loss, start, learning_rate, steps):
    position, path = tf.Variable(start), []
    for _ in range(steps):
        path.append(tf.identity(position))
        with tf.GradientTape() as tape:
            value = loss(position)
        position.assign_sub(learning_rate * tape.gradient(value, position))
    return tf.stack(path)
