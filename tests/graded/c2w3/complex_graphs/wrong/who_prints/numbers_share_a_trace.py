"""Thinks that Python numbers share a trace.

Fails: test_who_prints
"""

who_prints = {
    "print": 1,
    "tf_print": 3,
    "both": 4,
    "print_in_a_loop": 1,
    "tf_print_in_a_loop": 10,
    "print_numbers": 1,
    "both_branches": 2,
    "tf_both_branches": 1,
}
