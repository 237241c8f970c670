"""Grows the path by concatenation, with one persistent tape for each step."""


def descend(loss, start, learning_rate, steps):
    path = tf.expand_dims(start, 0)
    for _ in range(steps):
        here = path[-1]
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(here)
            value = loss(here)
        there = here - tf.cast(learning_rate, here.dtype) * tape.gradient(value, here)
        path = tf.concat([path, there[tf.newaxis]], axis=0)
    return path
