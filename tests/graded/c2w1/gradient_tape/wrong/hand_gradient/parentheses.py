"""Divides by the wrong thing.

Fails: test_hand_gradient_values
"""


def hand_gradient(w, x, y):
    miss = w * x - y
    return tf.reduce_mean(miss * x) / tf.reduce_mean(tf.sqrt(1.0 + miss**2))
