"""Keeps one optimizer for all models.

Fails: test_make_optimizer_built, test_make_optimizer_rate, test_make_optimizer_steps
"""

_kept = []


def make_optimizer(model, learning_rate):
    if not _kept:
        _kept.append(keras.optimizers.SGD(learning_rate, momentum=0.9))
        _kept[0].build(model.trainable_variables)
    return _kept[0]
