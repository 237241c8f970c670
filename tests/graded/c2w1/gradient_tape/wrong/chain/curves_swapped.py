"""Calls the outer curve first.

Fails: test_chain_slopes
"""


def chain(outer, inner, x):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = outer(x)
        z = inner(y)
    return tape.gradient(z, y), tape.gradient(y, x), tape.gradient(z, x)
