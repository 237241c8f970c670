"""Gives tensors."""

reduced = {
    "bundle": tf.constant(4.0),
    "sum_ids": tf.constant(6.0),
    "mean_ids": tf.constant(1.5),
    "threes": tf.constant(12.0),
    "not_cut": tf.constant(12.0),
    "sum_all": tf.constant(35.0),
    "mean_all": tf.constant(5.0),
    "sum_of_means": tf.constant(24.5),
    "mean_of_means": tf.constant(6.125),
}
