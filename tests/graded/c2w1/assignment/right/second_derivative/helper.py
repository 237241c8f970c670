"""Differentiates a function that differentiates."""


def _derivative(function):
    def slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = function(x)
        return tape.gradient(y, x)

    return slope


def second_derivative(curve, x):
    return _derivative(_derivative(curve))(x)
