"""Casts every signal to float32.

Fails: test_energy_gradient_other_signals
"""


def energy_gradient(x):
    x = tf.cast(x, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        energy = tf.reduce_sum(tf.square(x / tf.reduce_mean(x)))
    return tape.gradient(energy, x)
