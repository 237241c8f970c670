"""Takes the miss the other way round.

Fails: test_hand_gradient_values
"""


def hand_gradient(w, x, y):
    miss = y - w * x
    return tf.reduce_mean(miss / tf.sqrt(1.0 + miss**2) * x)
