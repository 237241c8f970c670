"""Imports the clock by its name, and takes turns."""

from time import perf_counter


def speed_up(function, x, repeats):
    graph = tf.function(lambda value: function(value))
    graph(x)
    eager_seconds = graph_seconds = 0.0
    for _ in range(repeats):
        start = perf_counter()
        function(x)
        middle = perf_counter()
        graph(x)
        eager_seconds += middle - start
        graph_seconds += perf_counter() - middle
    return eager_seconds / graph_seconds
