"""Thinks that the first copy is read of all of them.

Fails: test_written
"""

written = {
    "none": 4.0,
    "none_outside": 1.0,
    "sum": 10.0,
    "mean": 2.5,
    "first": 1.0,
    "on_read": 4.0,
    "on_read_outside": 1.0,
    "assigned": 20.0,
}
