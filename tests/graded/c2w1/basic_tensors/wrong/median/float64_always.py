"""Names a dtype that does not depend on x.

Fails: test_median_values
"""


def median(x):
    return tf.constant(np.median(x), dtype=tf.float64)
