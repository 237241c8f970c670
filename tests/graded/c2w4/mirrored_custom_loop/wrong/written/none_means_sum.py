"""Thinks that the default adds up.

Fails: test_written
"""

written = {
    "none": 10.0,
    "none_outside": 10.0,
    "sum": 10.0,
    "mean": 2.5,
    "first": 1.0,
    "on_read": 4.0,
    "on_read_outside": 10.0,
    "assigned": 20.0,
}
