"""Thinks that tensors of different ranks never fit.

Fails: test_broadcast_shapes_cases
"""

broadcast_shapes = {
    "a": (3, 4),
    "b": "error",
    "c": "error",
    "d": "error",
    "e": "error",
    "f": "error",
    "g": "error",
    "h": "error",
}
