"""Asks for the gradient with respect to the wrong tensor.

Fails: test_energy_gradient_values, test_energy_gradient_other_signals
"""


def energy_gradient(x):
    if not x.dtype.is_floating:
        x = tf.cast(x, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        relative = x / tf.reduce_mean(x)
        energy = tf.reduce_sum(tf.square(relative))
    return tape.gradient(energy, relative)
