"""Answers in another order, with a case of its own."""

who_prints = {
    "tf_both_branches": 1,
    "both_branches": 2,
    "print_numbers": 2,
    "tf_print_in_a_loop": 10,
    "print_in_a_loop": 1,
    "both": 4,
    "tf_print": 3,
    "print": 1,
}
who_prints["my_own_case"] = 1
