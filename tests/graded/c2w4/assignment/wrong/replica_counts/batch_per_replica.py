"""Takes the batch size for that of one replica.

Fails: test_replica_counts_first
"""

replica_counts = {
    "share": 32,
    "last_share": 20,
    "steps": 1,
    "counted": 3,
    "copies": 4,
    "for_full_shares": 32,
    "not_cut": 32,
    "sum_of_means": 8.0,
    "sum_of_scaled": 2.0,
    "mean_of_scaled": 0.5,
}
