"""Lets the tape add up the elements of the target."""


def polynomial_slopes(x, coefficients):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        values = coefficients[0]
        for power in range(1, len(coefficients)):
            values += coefficients[power] * tf.pow(x, power)
    return tape.gradient(values, x)
