"""Thinks that tf.print speaks while tracing only.

Fails: test_who_prints
"""

who_prints = {
    "print": 1,
    "tf_print": 1,
    "both": 2,
    "print_in_a_loop": 1,
    "tf_print_in_a_loop": 10,
    "print_numbers": 2,
    "both_branches": 2,
    "tf_both_branches": 1,
}
