"""Leaves the signal in numpy.

Fails: test_energy_gradient_values, test_energy_gradient_other_signals
"""


def energy_gradient(x):
    if not x.dtype.is_floating:
        x = tf.cast(x, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        signal = x.numpy()
        energy = tf.reduce_sum(tf.constant(signal / np.mean(signal)) ** 2)
    return tape.gradient(energy, x)
