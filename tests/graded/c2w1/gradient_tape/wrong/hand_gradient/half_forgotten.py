"""Forgets the half in the slope of the root.

Fails: test_hand_gradient_values
"""


def hand_gradient(w, x, y):
    miss = w * x - y
    return tf.reduce_mean(2 * miss / tf.sqrt(1.0 + miss**2) * x)
