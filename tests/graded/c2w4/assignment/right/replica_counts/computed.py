"""Computed from the sizes."""

replica_counts = {
    "share": 32 // 4,
    "last_share": 4,
    "steps": 3,
    "counted": 3,
    "copies": 4,
    "for_full_shares": 32 * 4,
    "not_cut": 32,
    "sum_of_means": 4 * 2,
    "sum_of_scaled": 2.0,
    "mean_of_scaled": 0.5,
}
