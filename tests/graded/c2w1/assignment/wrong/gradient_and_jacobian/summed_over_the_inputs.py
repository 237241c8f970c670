"""Adds up the columns of the Jacobian where its rows belong together.

Fails: test_gradient_and_jacobian_gradient, test_gradient_and_jacobian_agree
"""


def gradient_and_jacobian(weights, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.tanh(tf.linalg.matvec(weights, x))
    jacobian = tape.jacobian(y, x)
    return tf.reduce_sum(jacobian, axis=1), jacobian
