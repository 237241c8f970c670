"""Compares the fastest calls.

Fails: test_speed_up_other_times
"""


def speed_up(function, x, repeats):
    def fastest(call):
        times = []
        for _ in range(repeats):
            start = time.perf_counter()
            call(x)
            times.append(time.perf_counter() - start)
        return min(times)

    graph = tf.function(function)
    graph(x)
    return fastest(function) / fastest(graph)
