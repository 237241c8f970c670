"""Leaves TensorFlow on the way.

Fails: test_slopes_values
"""


def slopes(curve, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = curve(tf.constant(x.numpy()))
    return tape.gradient(y, x)
