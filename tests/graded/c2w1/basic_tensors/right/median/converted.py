"""Converts NumPy's number as it is."""


def median(x):
    return tf.convert_to_tensor(np.median(np.array(x)))
