"""Sums before it asks for the Jacobian.

Fails: test_gradient_and_jacobian_jacobian, test_gradient_and_jacobian_agree
"""


def gradient_and_jacobian(weights, x):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = tf.reduce_sum(tf.tanh(tf.linalg.matvec(weights, x)))
    return tape.gradient(y, x), tape.jacobian(y, x)
