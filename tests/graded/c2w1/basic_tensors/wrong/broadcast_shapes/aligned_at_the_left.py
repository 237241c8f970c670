"""Aligns the shapes at the left.

Fails: test_broadcast_shapes_cases
"""

broadcast_shapes = {
    "a": (3, 4),
    "b": "error",
    "c": (2, 5),
    "d": (4, 1),
    "e": (2, 3),
    "f": "error",
    "g": "error",
    "h": "error",
}
