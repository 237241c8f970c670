"""Takes the limits for the next price.

Fails: test_postage
"""


@tf.function
def postage(weight):
    if weight < 1.0:
        price = tf.constant(4.0)
    elif weight < 10.0:
        price = 4.0 + 0.5 * (weight - 1.0)
    else:
        price = tf.constant(15.0)
    return price
