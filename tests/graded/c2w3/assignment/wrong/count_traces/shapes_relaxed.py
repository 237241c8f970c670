"""Lets TensorFlow relax shapes, which saves traces.

Fails: test_count_traces_shapes
"""


def count_traces(function, calls):
    graph = tf.function(function, reduce_retracing=True)
    for arguments in calls:
        graph(*arguments)
    return graph.experimental_get_tracing_count()
