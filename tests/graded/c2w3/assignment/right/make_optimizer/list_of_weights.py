"""Collects the trainable weights itself."""


def make_optimizer(model, learning_rate):
    optimizer = tf.keras.optimizers.SGD(learning_rate=learning_rate, momentum=0.9, nesterov=False)
    optimizer.build([weight for weight in model.weights if weight.trainable])
    return optimizer
