"""Goes through a Python number, which has no dtype.

Fails: test_median_values
"""


def median(x):
    return tf.constant(float(np.median(x)))
