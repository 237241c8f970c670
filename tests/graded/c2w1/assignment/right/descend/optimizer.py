"""Lets a Keras optimizer take the steps."""


def descend(loss, start, learning_rate, steps):
    position = tf.Variable(start)
    optimizer = tf.keras.optimizers.SGD(learning_rate)
    path = [tf.identity(position)]
    for _ in range(steps):
        with tf.GradientTape() as tape:
            value = loss(position)
        optimizer.apply_gradients([(tape.gradient(value, position), position)])
        path.append(tf.identity(position))
    return tf.stack(path)
