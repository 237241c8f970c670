"""Writes into a TensorArray inside a graph."""


def descend(loss, start, learning_rate, steps):
    @tf.function
    def walk(position):
        path = tf.TensorArray(position.dtype, size=steps + 1)
        path = path.write(0, position)
        for step in tf.range(steps):
            with tf.GradientTape() as tape:
                tape.watch(position)
                value = loss(position)
            position = position - learning_rate * tape.gradient(value, position)
            path = path.write(step + 1, position)
        return path.stack()

    return walk(tf.identity(start))
