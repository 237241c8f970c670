"""Thinks that the two assignments happen at once.

Fails: test_assignment_order
"""

assignment_order = {
    "write_then_read": 15.0,
    "read_then_write": 6.0,
    "add_twice": 8.0,
    "swap_failed": -1.0,
    "swap": -1.0,
    "second_name": 7.0,
    "in_a_branch": 12.0,
}
