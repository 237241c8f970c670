"""Reads the brackets from the inside.

Fails: test_predicted_tensors_cases
"""

predicted_tensors = {
    "a": ((3, 2), "int32"),
    "b": ((), "float32"),
    "c": ((1, 3), "float32"),
    "d": ((2,), "float64"),
    "e": ((4, 1), "float32"),
    "f": ((2, 2), "int32"),
    "g": ((1, 1, 2), "bool"),
    "h": ((3,), "int32"),
}
