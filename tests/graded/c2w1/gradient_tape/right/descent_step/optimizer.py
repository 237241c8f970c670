"""Lets an optimizer of Keras take the step."""


def descent_step(weights, loss, learning_rate):
    with tf.GradientTape() as tape:
        before = loss()
    tf.keras.optimizers.SGD(learning_rate).apply_gradients(zip(tape.gradient(before, weights), weights))
    return before
