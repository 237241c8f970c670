"""Collects the weights layer by layer."""


def make_optimizer(model, learning_rate):
    optimizer = keras.optimizers.SGD(learning_rate, momentum=0.9)
    optimizer.build([weight for layer in model.layers for weight in layer.trainable_weights])
    return optimizer
