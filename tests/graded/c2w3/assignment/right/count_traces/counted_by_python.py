"""Counts how often Python code runs while tracing."""


def count_traces(function, calls):
    count = 0

    def counted(*arguments):
        nonlocal count
        count += 1
        return function(*arguments)

    graph = tf.function(counted)
    for arguments in calls:
        graph(*arguments)
    return count
