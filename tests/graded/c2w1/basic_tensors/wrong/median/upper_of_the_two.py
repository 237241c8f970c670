"""Takes the upper one of the two in the middle.

Fails: test_median_values
"""


def median(x):
    flat = tf.sort(tf.reshape(x, [-1]))
    return flat[flat.shape[0] // 2]
