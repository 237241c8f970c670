"""Builds the dict from pairs."""

several_workers = dict(
    [
        ("programs", 1),
        ("processes", 3),
        ("replicas", 6),
        ("share", 10),
        ("copies", 6),
        ("counted", 10),
        ("chief", 0),
        ("crash", "fail"),
    ]
)
