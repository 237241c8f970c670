"""Takes the Jacobian for the gradient as well.

Fails: test_gradient_and_jacobian_gradient, test_gradient_and_jacobian_agree
"""


def gradient_and_jacobian(weights, x):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = tf.tanh(tf.linalg.matvec(weights, x))
    return tape.jacobian(y, x), tape.jacobian(y, x)
