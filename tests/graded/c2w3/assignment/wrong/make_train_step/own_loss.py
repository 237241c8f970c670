"""Ignores the loss that comes in.

Fails: test_make_train_step_other_batches
"""


def make_train_step(model, optimizer, loss, accuracy):
    @tf.function
    def train_step(pictures, labels):
        with tf.GradientTape() as tape:
            probabilities = model(pictures, training=True)
            value = keras.losses.SparseCategoricalCrossentropy()(labels, probabilities)
        gradients = tape.gradient(value, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        accuracy.update_state(labels, probabilities)
        return value

    return train_step
