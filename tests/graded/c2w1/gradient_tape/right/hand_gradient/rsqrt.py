"""Multiplies by the inverse root, and divides the sum."""


def hand_gradient(w, x, y):
    miss = w * x - y
    return tf.reduce_sum(miss * x * tf.math.rsqrt(1 + tf.square(miss))) / len(x)
