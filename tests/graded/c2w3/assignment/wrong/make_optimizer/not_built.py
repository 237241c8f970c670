"""Leaves it to the first step to make the Variables.

Fails: test_make_optimizer_built
"""


def make_optimizer(model, learning_rate):
    return keras.optimizers.SGD(learning_rate, momentum=0.9)
