"""Copies the signal into a float Variable."""


def energy_gradient(x):
    v = tf.Variable(tf.cast(x, x.dtype if x.dtype.is_floating else tf.float32))
    with tf.GradientTape() as tape:
        mean = tf.reduce_sum(v) / tf.cast(tf.size(v), v.dtype)
        energy = tf.reduce_sum((v / mean) ** 2)
    return tape.gradient(energy, v)
