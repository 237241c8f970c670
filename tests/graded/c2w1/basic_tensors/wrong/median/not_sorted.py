"""Takes the element in the middle as they stand.

Fails: test_median_values
"""


def median(x):
    flat = tf.reshape(x, [-1])
    return flat[flat.shape[0] // 2]
