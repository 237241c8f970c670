"""Thinks that a variable that is put together when it is read has equal copies.

Fails: test_written
"""

written = {
    "none": 4.0,
    "none_outside": 1.0,
    "sum": 10.0,
    "mean": 2.5,
    "first": 1.0,
    "on_read": 10.0,
    "on_read_outside": 10.0,
    "assigned": 20.0,
}
