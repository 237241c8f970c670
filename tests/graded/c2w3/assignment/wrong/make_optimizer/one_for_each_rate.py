"""Keeps an optimizer for each learning rate, whatever the model.

Fails: test_make_optimizer_built, test_make_optimizer_rate, test_make_optimizer_steps
"""

_kept = {}


def make_optimizer(model, learning_rate):
    if learning_rate not in _kept:
        _kept[learning_rate] = keras.optimizers.SGD(learning_rate, momentum=0.9)
        _kept[learning_rate].build(model.trainable_variables)
    return _kept[learning_rate]
