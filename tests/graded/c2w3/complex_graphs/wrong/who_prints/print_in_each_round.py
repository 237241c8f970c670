"""Thinks that print speaks in each round of a loop.

Fails: test_who_prints
"""

who_prints = {
    "print": 1,
    "tf_print": 3,
    "both": 4,
    "print_in_a_loop": 5,
    "tf_print_in_a_loop": 10,
    "print_numbers": 2,
    "both_branches": 2,
    "tf_both_branches": 1,
}
