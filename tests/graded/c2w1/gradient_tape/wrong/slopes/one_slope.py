"""Adds up the slopes.

Fails: test_slopes_values
"""


def slopes(curve, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = curve(x)
    return tf.reduce_sum(tape.gradient(y, x))
