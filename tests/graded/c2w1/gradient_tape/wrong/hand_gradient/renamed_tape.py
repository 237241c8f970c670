"""Uses a tape by another name.

Fails: test_hand_gradient_values
"""

G = tf.GradientTape


def hand_gradient(w, x, y):
    with G() as t:
        t.watch(w)
        loss = smooth_error(w, x, y)
    return t.gradient(loss, w)
