"""Thinks that the replicas share one copy of the weights.

Fails: test_replica_counts_first
"""

replica_counts = {
    "share": 8,
    "last_share": 4,
    "steps": 3,
    "counted": 3,
    "copies": 1,
    "for_full_shares": 128,
    "not_cut": 32,
    "sum_of_means": 8.0,
    "sum_of_scaled": 2.0,
    "mean_of_scaled": 0.5,
}
