"""Makes a float32 Variable of any start.

Fails: test_descend_other_starts
"""


def descend(loss, start, learning_rate, steps):
    position = tf.Variable(tf.cast(start, tf.float32))
    path = [tf.identity(position)]
    for _ in range(steps):
        with tf.GradientTape() as tape:
            value = loss(position)
        position.assign_sub(learning_rate * tape.gradient(value, position))
        path.append(tf.identity(position))
    return tf.stack(path)
