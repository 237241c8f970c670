"""Calls both 20 times, whatever is asked.

Fails: test_speed_up_other_times
"""


def speed_up(function, x, repeats):
    graph = tf.function(function)
    graph(x)
    start = time.perf_counter()
    for _ in range(20):
        function(x)
    middle = time.perf_counter()
    for _ in range(20):
        graph(x)
    return (middle - start) / (time.perf_counter() - middle)
