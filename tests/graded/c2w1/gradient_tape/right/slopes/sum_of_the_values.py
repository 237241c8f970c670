"""Sums up first, and asks inside the block."""


def slopes(curve, x):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([x])
        total = tf.reduce_sum(curve(x))
        return tape.gradient(total, [x])[0]
