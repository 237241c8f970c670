"""Builds the dict from pairs."""

who_prints = dict(
    [
        ("print", 1),
        ("tf_print", 3),
        ("both", 4),
        ("print_in_a_loop", 1),
        ("tf_print_in_a_loop", 10),
        ("print_numbers", 2),
        ("both_branches", 2),
        ("tf_both_branches", 1),
    ]
)
