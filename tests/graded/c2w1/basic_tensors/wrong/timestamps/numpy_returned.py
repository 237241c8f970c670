"""Returns a NumPy array.

Fails: test_timestamps_values
"""


def timestamps(first, step, count):
    return (first + step * np.arange(count)).astype("float32")
