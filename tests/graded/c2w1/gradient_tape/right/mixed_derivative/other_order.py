"""Takes the slope in y first."""


def mixed_derivative(surface, x, y):
    with tf.GradientTape(persistent=True) as outer:
        outer.watch([x, y])
        with tf.GradientTape() as inner:
            inner.watch([x, y])
            z = surface(x, y)
        slope = inner.gradient(z, y)
    return outer.gradient(slope, x, unconnected_gradients=tf.UnconnectedGradients.ZERO)
