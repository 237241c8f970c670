"""Lets timeit measure."""


def speed_up(function, x, repeats):
    import timeit

    graph = tf.function(function)
    graph.get_concrete_function(x)
    eager = timeit.timeit(lambda: function(x), number=repeats)
    return eager / timeit.timeit(lambda: graph(x), number=repeats)
