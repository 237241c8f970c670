"""Returns the energy and no gradient.

Fails: test_energy_gradient_values, test_energy_gradient_other_signals
"""


def energy_gradient(x):
    if not x.dtype.is_floating:
        x = tf.cast(x, tf.float32)
    return tf.reduce_sum(tf.square(x / tf.reduce_mean(x)))
