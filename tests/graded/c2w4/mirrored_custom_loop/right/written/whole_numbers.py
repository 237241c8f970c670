"""Writes whole numbers where it can."""

written = {
    "none": 4,
    "none_outside": 1,
    "sum": 10,
    "mean": 2.5,
    "first": 1,
    "on_read": 4,
    "on_read_outside": 10,
    "assigned": 20,
}
