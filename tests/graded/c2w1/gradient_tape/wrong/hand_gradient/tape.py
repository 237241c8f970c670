"""Uses a tape, against the rule.

Fails: test_hand_gradient_values
"""


def hand_gradient(w, x, y):
    with tf.GradientTape() as tape:
        tape.watch(w)
        loss = smooth_error(w, x, y)
    return tape.gradient(loss, w)
