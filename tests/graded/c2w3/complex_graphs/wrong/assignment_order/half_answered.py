"""Answers some of the cases only.

Fails: test_assignment_order
"""

assignment_order = {
    "write_then_read": 15.0,
    "read_then_write": 6.0,
    "add_twice": 8.0,
    "swap_failed": 0.0,
    "swap": -1.0,
    "second_name": 7.0,
}
