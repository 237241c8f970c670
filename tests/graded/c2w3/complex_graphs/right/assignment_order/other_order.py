"""Answers in another order, with a case of its own."""

assignment_order = {
    "in_a_branch": 12.0,
    "second_name": 7.0,
    "swap": -1.0,
    "swap_failed": 0.0,
    "add_twice": 8.0,
    "read_then_write": 6.0,
    "write_then_read": 15.0,
}
assignment_order["my_own_case"] = 1
