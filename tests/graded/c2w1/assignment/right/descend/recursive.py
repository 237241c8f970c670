"""Calls itself with one step less."""


def _step(loss, position, learning_rate):
    with tf.GradientTape() as tape:
        tape.watch(position)
        value = loss(position)
    return tf.subtract(position, tf.multiply(learning_rate, tape.gradient(value, position)))


def descend(loss, start, learning_rate, steps):
    start = tf.convert_to_tensor(start)
    if steps == 0:
        return start[tf.newaxis]
    rest = descend(loss, _step(loss, start, learning_rate), learning_rate, steps - 1)
    return tf.concat([start[tf.newaxis], rest], 0)
