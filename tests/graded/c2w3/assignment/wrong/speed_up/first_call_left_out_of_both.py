"""Leaves a measured call out.

Fails: test_speed_up_ratio, test_speed_up_other_times
"""


def speed_up(function, x, repeats):
    graph = tf.function(function)
    graph(x)
    start = time.perf_counter()
    for _ in range(repeats - 1):
        function(x)
    middle = time.perf_counter()
    for _ in range(repeats - 1):
        graph(x)
    end = time.perf_counter()
    return (middle - start) / (end - middle)
