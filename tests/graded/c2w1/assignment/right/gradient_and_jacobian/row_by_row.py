"""Asks for the gradient of each output."""


def gradient_and_jacobian(weights, x):
    rows = []
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        outputs = [tf.tanh(tf.reduce_sum(row * x)) for row in weights]
        total = tf.add_n(outputs)
    for output in outputs:
        rows.append(tape.gradient(output, x))
    return [tape.gradient(total, x), tf.stack(rows)]
