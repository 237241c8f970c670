"""Forgets the call that traces.

Fails: test_speed_up_ratio, test_speed_up_other_times
"""


def speed_up(function, x, repeats):
    graph = tf.function(function)
    start = time.perf_counter()
    for _ in range(repeats):
        function(x)
    middle = time.perf_counter()
    for _ in range(repeats):
        graph(x)
    end = time.perf_counter()
    return (middle - start) / (end - middle)
