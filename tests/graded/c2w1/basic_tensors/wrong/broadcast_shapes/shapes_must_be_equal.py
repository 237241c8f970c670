"""Thinks that a column and a row of the same length meet element by element.

Fails: test_broadcast_shapes_cases
"""

broadcast_shapes = {
    "a": (3, 4),
    "b": (2, 5),
    "c": "error",
    "d": (4, 1),
    "e": (2, 3),
    "f": (2, 4, 3),
    "g": "error",
    "h": "error",
}
