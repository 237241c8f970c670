"""Thinks that print speaks in each call.

Fails: test_who_prints
"""

who_prints = {
    "print": 3,
    "tf_print": 3,
    "both": 6,
    "print_in_a_loop": 1,
    "tf_print_in_a_loop": 10,
    "print_numbers": 3,
    "both_branches": 2,
    "tf_both_branches": 1,
}
