"""Leaves out the mean.

Fails: test_hand_gradient_values
"""


def hand_gradient(w, x, y):
    miss = w * x - y
    return miss / tf.sqrt(1.0 + miss**2) * x
