"""Adds the gradient.

Fails: test_descend_path, test_descend_other_starts, test_descend_variable
"""


def descend(loss, start, learning_rate, steps):
    position = tf.identity(start)
    path = [position]
    for _ in range(steps):
        with tf.GradientTape() as tape:
            tape.watch(position)
            value = loss(position)
        position = position + learning_rate * tape.gradient(value, position)
        path.append(position)
    return tf.stack(path)
