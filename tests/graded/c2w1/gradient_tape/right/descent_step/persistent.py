"""Asks for each weight, then assigns."""


def descent_step(weights, loss, learning_rate):
    with tf.GradientTape(persistent=True) as tape:
        before = loss()
    targets = [weight - learning_rate * tape.gradient(before, weight) for weight in weights]
    del tape
    for weight, target in zip(weights, targets):
        weight.assign(target)
    return before
