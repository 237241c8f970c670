"""Counts the calls.

Fails: test_count_traces_shapes, test_count_traces_other_calls
"""


def count_traces(function, calls):
    return len(calls)
