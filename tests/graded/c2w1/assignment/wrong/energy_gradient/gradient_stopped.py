"""Stops the gradient of the mean.

Fails: test_energy_gradient_values, test_energy_gradient_other_signals
"""


def energy_gradient(x):
    if not x.dtype.is_floating:
        x = tf.cast(x, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        energy = tf.reduce_sum(tf.square(x / tf.stop_gradient(tf.reduce_mean(x))))
    return tape.gradient(energy, x)
