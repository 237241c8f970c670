"""Counts how often the Python code runs eagerly.

Fails: test_count_traces_shapes, test_count_traces_other_calls
"""


def count_traces(function, calls):
    count = 0
    for arguments in calls:
        function(*arguments)
        count += 1
    return count
