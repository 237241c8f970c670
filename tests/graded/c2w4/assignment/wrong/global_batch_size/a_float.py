"""Gives a float, which dataset.batch does not take.

Fails: test_global_batch_size_value
"""


def global_batch_size(strategy, per_replica):
    return float(strategy.num_replicas_in_sync * per_replica)
