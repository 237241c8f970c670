"""Adds the sums, and does not divide.

Fails: test_mean_over_all_full, test_mean_over_all_uneven
"""


def mean_over_all(strategy, values):
    sums = strategy.run(tf.reduce_sum, args=(values,))
    return strategy.reduce(tf.distribute.ReduceOp.SUM, sums, axis=None)
