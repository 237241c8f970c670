"""Takes a step of its own size.

Fails: test_make_train_step_values, test_make_train_step_other_batches
"""


def make_train_step(model, optimizer, loss, accuracy):
    @tf.function
    def train_step(pictures, labels):
        with tf.GradientTape() as tape:
            probabilities = model(pictures, training=True)
            value = loss(labels, probabilities)
        gradients = tape.gradient(value, model.trainable_variables)
        for weight, gradient in zip(model.trainable_variables, gradients):
            weight.assign_sub(0.01 * gradient)
        accuracy.update_state(labels, probabilities)
        return value

    return train_step
