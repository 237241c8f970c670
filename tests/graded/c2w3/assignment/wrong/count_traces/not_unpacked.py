"""Passes each tuple as one argument.

Fails: test_count_traces_other_calls
"""


def count_traces(function, calls):
    graph = tf.function(function)
    for arguments in calls:
        graph(arguments)
    return graph.experimental_get_tracing_count() if len(calls) > 1 else 0
