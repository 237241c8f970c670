"""Asks a tape, which cannot follow every loss.

Fails: test_worst_error_values
"""


def worst_error(loss, claimed, weights):
    with tf.GradientTape() as tape:
        tape.watch(weights)
        value = loss(weights)
    return tf.reduce_max(tf.abs(claimed(weights) - tape.gradient(value, weights)))
