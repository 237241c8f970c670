"""Forgets to watch.

Fails: test_chain_slopes
"""


def chain(outer, inner, x):
    with tf.GradientTape(persistent=True) as tape:
        y = inner(x)
        z = outer(y)
    return tape.gradient(z, y), tape.gradient(y, x), tape.gradient(z, x)
