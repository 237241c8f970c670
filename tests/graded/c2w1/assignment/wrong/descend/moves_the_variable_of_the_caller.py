"""Walks with the Variable that it was given.

Fails: test_descend_variable
"""


def descend(loss, start, learning_rate, steps):
    position = start if isinstance(start, tf.Variable) else tf.Variable(start)
    path = [tf.identity(position)]
    for _ in range(steps):
        with tf.GradientTape() as tape:
            value = loss(position)
        position.assign_sub(learning_rate * tape.gradient(value, position))
        path.append(tf.identity(position))
    return tf.stack(path)
