"""Differentiates by hand, in TensorFlow."""


def polynomial_slopes(x, coefficients):
    slopes = tf.zeros_like(x)
    for power, coefficient in list(enumerate(coefficients))[1:]:
        slopes = slopes + power * coefficient * x ** (power - 1)
    return slopes
