"""Makes a tf.function in every call.

Fails: test_make_train_step_graph
"""


def make_train_step(model, optimizer, loss, accuracy):
    def train_step(pictures, labels):
        with tf.GradientTape() as tape:
            probabilities = model(pictures, training=True)
            value = loss(labels, probabilities)
        gradients = tape.gradient(value, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        accuracy.update_state(labels, probabilities)
        return value

    return lambda pictures, labels: tf.function(train_step)(pictures, labels)
