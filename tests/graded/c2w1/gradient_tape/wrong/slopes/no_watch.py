"""Forgets to watch.

Fails: test_slopes_values
"""


def slopes(curve, x):
    with tf.GradientTape() as tape:
        y = curve(x)
    return tape.gradient(y, x)
