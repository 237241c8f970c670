"""Returns the slopes in another order.

Fails: test_chain_slopes
"""


def chain(outer, inner, x):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = inner(x)
        z = outer(y)
    return tape.gradient(y, x), tape.gradient(z, y), tape.gradient(z, x)
