"""Thinks that the last replica that writes is the one that counts.

Fails: test_written
"""

written = {
    "none": 4.0,
    "none_outside": 1.0,
    "sum": 10.0,
    "mean": 2.5,
    "first": 4.0,
    "on_read": 4.0,
    "on_read_outside": 10.0,
    "assigned": 5.0,
}
