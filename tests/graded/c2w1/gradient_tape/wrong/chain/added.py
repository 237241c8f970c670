"""Adds the slopes along the chain.

Fails: test_chain_slopes
"""


def chain(outer, inner, x):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = inner(x)
        z = outer(y)
    by_y, by_x = tape.gradient(z, y), tape.gradient(y, x)
    return by_y, by_x, by_y + by_x
