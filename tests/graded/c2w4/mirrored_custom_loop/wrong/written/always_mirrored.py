"""Thinks that the copies of a mirrored variable can never differ.

Fails: test_written
"""

written = {
    "none": 1.0,
    "none_outside": 1.0,
    "sum": 10.0,
    "mean": 2.5,
    "first": 1.0,
    "on_read": 4.0,
    "on_read_outside": 10.0,
    "assigned": 20.0,
}
