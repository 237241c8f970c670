"""Walks with a Variable of its own and keeps its values."""


def descend(loss, start, learning_rate, steps):
    position = tf.Variable(start)
    path = [position.read_value()]
    for _ in range(steps):
        with tf.GradientTape() as tape:
            value = loss(position)
        gradient = tape.gradient(value, position)
        position.assign(position - learning_rate * gradient)
        path.append(position.read_value())
    return tf.stack(path, axis=0)
