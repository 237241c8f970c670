"""Multiplies the two slopes.

Fails: test_mixed_derivative_values
"""


def mixed_derivative(surface, x, y):
    with tf.GradientTape() as tape:
        tape.watch([x, y])
        z = surface(x, y)
    by_x, by_y = tape.gradient(z, [x, y])
    return by_x * by_y
