"""Asks for the number in the graph.

Fails: test_postage
"""


@tf.function
def postage(weight):
    kilograms = float(weight)
    return tf.constant(4.0 if kilograms <= 1.0 else 15.0)
