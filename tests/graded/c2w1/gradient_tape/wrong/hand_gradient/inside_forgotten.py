"""Forgets the slope of the inside.

Fails: test_hand_gradient_values
"""


def hand_gradient(w, x, y):
    miss = w * x - y
    return tf.reduce_mean(miss / tf.sqrt(1.0 + miss**2))
