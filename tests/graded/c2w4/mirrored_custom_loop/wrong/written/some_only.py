"""Leaves some rows out.

Fails: test_written
"""

written = {
    "none": 4.0,
    "none_outside": 1.0,
    "sum": 10.0,
    "mean": 2.5,
    "first": 1.0,
}
