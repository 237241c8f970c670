"""Counts different concrete functions."""


def count_traces(function, calls):
    graph = tf.function(function, autograph=False)
    return len({id(graph.get_concrete_function(*arguments)) for arguments in calls})
