"""Measures the graph first."""


def speed_up(function, x, repeats):
    def seconds(call):
        start = time.perf_counter()
        for _ in range(repeats):
            call(x)
        return time.perf_counter() - start

    graph = tf.function(function)
    graph(x)
    of_the_graph = seconds(graph)
    return seconds(function) / of_the_graph
