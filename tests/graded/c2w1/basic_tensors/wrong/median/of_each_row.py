"""Takes the median along the last axis.

Fails: test_median_values
"""


def median(x):
    return tf.constant(np.median(x, axis=-1), dtype=x.dtype)
