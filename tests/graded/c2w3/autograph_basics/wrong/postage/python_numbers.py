"""Asks for the number in the graph.

Fails: test_postage
"""


@tf.function
def postage(weight):
    kilograms = weight.numpy()
    price = 4.0 if kilograms <= 1.0 else 4.0 + 0.5 * (kilograms - 1.0)
    return tf.constant(price if kilograms <= 10.0 else 15.0)
