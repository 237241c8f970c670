"""Returns the curve instead of its slope.

Fails: test_slopes_values
"""


def slopes(curve, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = curve(x)
    return y
