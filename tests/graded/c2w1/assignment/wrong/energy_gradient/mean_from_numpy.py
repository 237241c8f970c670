"""Takes the mean with numpy, so the tape holds it for a constant.

Fails: test_energy_gradient_values, test_energy_gradient_other_signals
"""


def energy_gradient(x):
    if not x.dtype.is_floating:
        x = tf.cast(x, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        energy = tf.reduce_sum((x / np.mean(x)) ** 2)
    return tape.gradient(energy, x)
