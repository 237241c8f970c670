"""Divides by the number of replicas.

Fails: test_mean_over_all_full, test_mean_over_all_uneven
"""


def mean_over_all(strategy, values):
    sums = strategy.run(tf.reduce_sum, args=(values,))
    return strategy.reduce("SUM", sums, axis=None) / strategy.num_replicas_in_sync
