"""Takes another momentum.

Fails: test_make_optimizer_steps
"""


def make_optimizer(model, learning_rate):
    optimizer = keras.optimizers.SGD(learning_rate, momentum=0.99)
    optimizer.build(model.trainable_variables)
    return optimizer
