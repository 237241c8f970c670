"""Uses apply, and the trainable weights by another name."""


def make_train_step(model, optimizer, loss, accuracy):
    @tf.function
    def train_step(pictures, labels):
        with tf.GradientTape() as tape:
            probabilities = model(pictures, training=True)
            value = loss(labels, probabilities)
        gradients = tape.gradient(value, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_weights)
        accuracy.update_state(labels, probabilities)
        return value

    return train_step
