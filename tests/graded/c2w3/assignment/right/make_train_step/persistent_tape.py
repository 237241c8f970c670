"""Asks a persistent tape inside of its block."""


def make_train_step(model, optimizer, loss, accuracy):
    @tf.function
    def train_step(pictures, labels):
        with tf.GradientTape(persistent=True) as tape:
            probabilities = model(pictures, training=True)
            value = loss(labels, probabilities)
            gradients = tape.gradient(value, model.trainable_variables)
        accuracy.update_state(labels, probabilities)
        optimizer.apply(gradients, model.trainable_variables)
        return value

    return train_step
