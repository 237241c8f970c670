"""Tensors for numbers."""

replica_counts = {
    "share": 8,
    "last_share": 4,
    "steps": tf.constant(3),
    "counted": 3,
    "copies": 4,
    "for_full_shares": 128,
    "not_cut": 32,
    "sum_of_means": 8.0,
    "sum_of_scaled": 2.0,
    "mean_of_scaled": tf.constant(2.0) / 4.0,
}
