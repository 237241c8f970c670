"""Counts shapes, without dtypes and Python numbers.

Fails: test_count_traces_other_calls
"""


def count_traces(function, calls):
    return len({tuple(np.shape(value) for value in arguments) for arguments in calls})
