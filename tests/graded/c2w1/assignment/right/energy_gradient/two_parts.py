"""Adds the path through the mean to the path that leaves the mean alone."""


def energy_gradient(x):
    if not x.dtype.is_floating:
        x = tf.cast(x, tf.float32)
    mean = tf.reduce_mean(x)
    with tf.GradientTape() as tape:
        tape.watch([x, mean])
        energy = tf.reduce_sum(tf.square(x / mean))
    direct, of_the_mean = tape.gradient(energy, (x, mean))
    return direct + of_the_mean / tf.cast(tf.size(x), x.dtype)
