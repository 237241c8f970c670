"""Returns nothing.

Fails: test_make_optimizer_built, test_make_optimizer_rate, test_make_optimizer_steps
"""


def make_optimizer(model, learning_rate):
    optimizer = keras.optimizers.SGD(learning_rate, momentum=0.9)
    optimizer.build(model.trainable_variables)
