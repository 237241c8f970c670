"""Casts inside the block, so the source still holds whole numbers.

Fails: test_energy_gradient_other_signals
"""


def energy_gradient(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        signal = x if x.dtype.is_floating else tf.cast(x, tf.float32)
        energy = tf.reduce_sum(tf.square(signal / tf.reduce_mean(signal)))
    return tape.gradient(energy, x)
