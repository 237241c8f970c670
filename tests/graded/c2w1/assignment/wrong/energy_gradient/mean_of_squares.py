"""Averages where the sum is asked.

Fails: test_energy_gradient_values, test_energy_gradient_other_signals
"""


def energy_gradient(x):
    if not x.dtype.is_floating:
        x = tf.cast(x, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        energy = tf.reduce_mean(tf.square(x / tf.reduce_mean(x)))
    return tape.gradient(energy, x)
