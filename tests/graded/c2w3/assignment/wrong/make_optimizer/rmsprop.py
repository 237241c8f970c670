"""Takes RMSprop, which has a momentum too.

Fails: test_make_optimizer_built, test_make_optimizer_steps
"""


def make_optimizer(model, learning_rate):
    optimizer = keras.optimizers.RMSprop(learning_rate, momentum=0.9)
    optimizer.build(model.trainable_variables)
    return optimizer
