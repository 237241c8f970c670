"""Computes the Jacobian with a loop."""


def gradient_and_jacobian(weights, x):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = tf.nn.tanh(tf.einsum("oi,i->o", weights, x))
    jacobian = tape.jacobian(y, x, experimental_use_pfor=False)
    gradient = tape.gradient(y, x)
    return gradient, jacobian
