"""Ignores the learning rate.

Fails: test_make_optimizer_rate, test_make_optimizer_steps
"""


def make_optimizer(model, learning_rate):
    optimizer = keras.optimizers.SGD(momentum=0.9)
    optimizer.build(model.trainable_variables)
    return optimizer
