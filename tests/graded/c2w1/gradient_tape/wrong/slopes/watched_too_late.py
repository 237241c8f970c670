"""Watches after the curve was called.

Fails: test_slopes_values
"""


def slopes(curve, x):
    with tf.GradientTape() as tape:
        y = curve(x)
        tape.watch(x)
    return tape.gradient(y, x)
