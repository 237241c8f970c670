"""Counts instead of thinking."""


def _count(calls, signature=None):
    graph = tf.function(lambda pictures, rate: rate * tf.reduce_mean(pictures), input_signature=signature)
    for pictures, rate in calls:
        graph(pictures, rate)
    return graph.experimental_get_tracing_count()


def _zeros(*sizes, dtype=tf.float32, rate=None):
    return [(tf.zeros((size, 2), dtype), tf.constant(0.1, dtype) if rate is None else rate) for size in sizes]


_odd = _zeros(64, 64, 40)
_rates = [0.5, 0.4, 0.3, 0.2, 0.1]
how_often_traced = {
    "equal_batches": _count(_zeros(50, 50, 50)),
    "smaller_last": _count(_odd),
    "three_epochs": _count(_odd * 3),
    "dropped": _count(_zeros(64, 64) * 3),
    "open_batch_axis": _count(_odd * 3, [tf.TensorSpec((None, 2)), tf.TensorSpec(())]),
    "two_dtypes": _count(_zeros(50, 50) + _zeros(50, 50, dtype=tf.float16)),
    "python_rate": _count([call for rate in _rates for call in _zeros(50, 50, rate=rate)]),
    "tensor_rate": _count([call for rate in _rates for call in _zeros(50, 50, rate=tf.constant(rate))]),
    "made_anew": sum(_count(_zeros(50, 50)) for _ in _rates),
}
