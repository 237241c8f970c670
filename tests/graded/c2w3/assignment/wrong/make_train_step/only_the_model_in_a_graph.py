"""Makes a graph of the forward pass and does the rest in Python.

Fails: test_make_train_step_graph
"""


def make_train_step(model, optimizer, loss, accuracy):
    @tf.function
    def forward(pictures):
        return model(pictures, training=True)

    def step(pictures, labels):
        with tf.GradientTape() as tape:
            probabilities = forward(pictures)
            value = loss(labels, probabilities)
        gradients = tape.gradient(value, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        accuracy.update_state(labels, probabilities)
        return value

    return step
