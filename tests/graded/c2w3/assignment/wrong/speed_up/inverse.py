"""Divides the other way round.

Fails: test_speed_up_ratio, test_speed_up_other_times
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
    return (end - middle) / (middle - start)
