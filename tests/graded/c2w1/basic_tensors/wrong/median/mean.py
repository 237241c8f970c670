"""Takes the mean.

Fails: test_median_values
"""


def median(x):
    return tf.reduce_mean(x)
