"""Differentiates the mean.

Fails: test_slopes_values
"""


def slopes(curve, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_mean(curve(x))
    return tape.gradient(y, x)
