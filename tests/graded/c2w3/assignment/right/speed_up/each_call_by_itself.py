"""Measures each call and takes means."""


def speed_up(function, x, repeats):
    graph = tf.function(function)
    graph(x)
    durations = {function: [], graph: []}
    for call, kept in durations.items():
        for _ in range(repeats):
            start = time.perf_counter_ns()
            call(x)
            kept.append(time.perf_counter_ns() - start)
    return float(np.mean(durations[function]) / np.mean(durations[graph]))
