"""Takes the slope of the outer curve at x.

Fails: test_chain_slopes
"""


def chain(outer, inner, x):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y, z = inner(x), outer(x)
    by_y, by_x = tape.gradient(z, x), tape.gradient(y, x)
    return by_y, by_x, by_y * by_x
