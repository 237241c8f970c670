"""Has the slope of the square, and not that of the root.

Fails: test_hand_gradient_values
"""


def hand_gradient(w, x, y):
    miss = w * x - y
    return tf.reduce_mean(2 * miss * x)
