"""Hides the missing gradient behind zeros.

Fails: test_energy_gradient_values, test_energy_gradient_other_signals
"""


def energy_gradient(x):
    if not x.dtype.is_floating:
        x = tf.cast(x, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        signal = x.numpy()
        energy = tf.reduce_sum(tf.constant(signal / signal.mean()) ** 2)
    return tape.gradient(energy, x, unconnected_gradients=tf.UnconnectedGradients.ZERO)
