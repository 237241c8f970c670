"""Counts the end of a range.

Fails: test_predicted_tensors_cases
"""

predicted_tensors = {
    "a": ((2, 3), "int32"),
    "b": ((), "float32"),
    "c": ((3, 1), "float32"),
    "d": ((2,), "float64"),
    "e": ((4, 1), "float32"),
    "f": ((2, 2), "int32"),
    "g": ((2, 1, 1), "bool"),
    "h": ((4,), "int32"),
}
