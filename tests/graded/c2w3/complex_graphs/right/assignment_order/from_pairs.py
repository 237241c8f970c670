"""Builds the dict from pairs."""

assignment_order = dict(
    [
        ("write_then_read", 15.0),
        ("read_then_write", 6.0),
        ("add_twice", 8.0),
        ("swap_failed", 0.0),
        ("swap", -1.0),
        ("second_name", 7.0),
        ("in_a_branch", 12.0),
    ]
)
