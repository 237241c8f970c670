"""Returns in each branch."""


@tf.function
def postage(weight):
    if weight <= 1.0:
        return 4.0
    if weight <= 10.0:
        return 4.0 + 0.5 * (weight - 1.0)
    return 15.0
