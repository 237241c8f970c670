"""Builds it for weights that are not trained, too.

Fails: test_make_optimizer_built
"""


def make_optimizer(model, learning_rate):
    optimizer = keras.optimizers.SGD(learning_rate, momentum=0.9)
    optimizer.build(model.variables)
    return optimizer
