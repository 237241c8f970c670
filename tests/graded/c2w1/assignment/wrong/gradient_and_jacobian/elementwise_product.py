"""Multiplies element by element where the matrix product is asked.

Fails: test_gradient_and_jacobian_gradient, test_gradient_and_jacobian_jacobian,
    test_gradient_and_jacobian_agree
"""


def gradient_and_jacobian(weights, x):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = tf.tanh(weights * x)
    return tape.gradient(y, x), tape.jacobian(y, x)
