"""Forgets the comma of a tuple of one.

Fails: test_mean_over_all_full, test_mean_over_all_uneven
"""


def mean_over_all(strategy: tf.distribute.Strategy, values: tf.distribute.DistributedValues) -> tf.Tensor:
    sums = strategy.run(tf.reduce_sum, args=(values))
    counts = strategy.run(lambda share: tf.cast(tf.size(share), tf.float32), args=(values))
    total = strategy.reduce(tf.distribute.ReduceOp.SUM, sums, axis=None)
    return total / strategy.reduce(tf.distribute.ReduceOp.SUM, counts, axis=None)
