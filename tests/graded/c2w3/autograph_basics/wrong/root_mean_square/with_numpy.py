"""Lets NumPy compute.

Fails: test_root_mean_square
"""


def root_mean_square(x):
    return tf.constant(np.sqrt(np.mean(np.square(x))))
