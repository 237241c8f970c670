"""Thinks that writes happen when the function is over.

Fails: test_assignment_order
"""

assignment_order = {
    "write_then_read": 6.0,
    "read_then_write": 6.0,
    "add_twice": 2.0,
    "swap_failed": 0.0,
    "swap": -1.0,
    "second_name": 2.0,
    "in_a_branch": 5.0,
}
