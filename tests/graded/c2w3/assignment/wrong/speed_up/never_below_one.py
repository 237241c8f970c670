"""Never says that the graph is slower.

Fails: test_speed_up_other_times
"""


def speed_up(function, x, repeats):
    graph = tf.function(function)
    graph(x)
    start = time.perf_counter()
    for _ in range(repeats):
        function(x)
    middle = time.perf_counter()
    for _ in range(repeats):
        graph(x)
    end = time.perf_counter()
    return max(1.0, (middle - start) / (end - middle))
