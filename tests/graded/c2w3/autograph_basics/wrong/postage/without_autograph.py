"""Switches AutoGraph off.

Fails: test_postage
"""


@tf.function(autograph=False)
def postage(weight):
    if weight <= 1.0:
        return tf.constant(4.0)
    if weight <= 10.0:
        return 4.0 + 0.5 * (weight - 1.0)
    return tf.constant(15.0)
