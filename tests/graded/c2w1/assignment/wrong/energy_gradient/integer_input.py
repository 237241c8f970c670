"""Watches whole numbers, which have no gradient.

Fails: test_energy_gradient_other_signals
"""


def energy_gradient(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        energy = tf.reduce_sum(tf.square(x / tf.reduce_mean(x)))
    return tape.gradient(energy, x)
