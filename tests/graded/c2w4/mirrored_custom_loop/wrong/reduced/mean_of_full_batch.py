"""Divides by the size of a full batch.

Fails: test_reduced
"""

reduced = {
    "bundle": 4,
    "sum_ids": 6.0,
    "mean_ids": 1.5,
    "threes": 12.0,
    "not_cut": 12.0,
    "sum_all": 35.0,
    "mean_all": 4.375,
    "sum_of_means": 24.5,
    "mean_of_means": 6.125,
}
