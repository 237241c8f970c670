"""Returns a tensor of rank 1.

Fails: test_median_values
"""


def median(x):
    return tf.constant([np.median(x)], dtype=x.dtype)
