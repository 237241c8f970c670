"""Thinks that strategy.run cuts a batch.

Fails: test_replica_counts_rest
"""

replica_counts = {
    "share": 8,
    "last_share": 4,
    "steps": 3,
    "counted": 3,
    "copies": 4,
    "for_full_shares": 128,
    "not_cut": 8,
    "sum_of_means": 8.0,
    "sum_of_scaled": 2.0,
    "mean_of_scaled": 0.5,
}
