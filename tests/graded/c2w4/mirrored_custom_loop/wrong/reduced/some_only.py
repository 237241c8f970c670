"""Leaves some rows out.

Fails: test_reduced
"""

reduced = {
    "bundle": 4,
    "sum_ids": 6.0,
    "mean_ids": 1.5,
    "threes": 12.0,
    "not_cut": 12.0,
    "sum_all": 35.0,
}
