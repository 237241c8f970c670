"""Returns NumPy's number.

Fails: test_median_values
"""


def median(x):
    return np.median(x)
