"""Takes the mean of each row instead of all values.

Fails: test_energy_gradient_other_signals
"""


def energy_gradient(x):
    if not x.dtype.is_floating:
        x = tf.cast(x, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        energy = tf.reduce_sum(tf.square(x / tf.reduce_mean(x, axis=-1, keepdims=True)))
    return tape.gradient(energy, x)
