"""Gives the shapes and leaves out the dtypes.

Fails: test_predicted_tensors_cases
"""

predicted_tensors = {
    "a": (2, 3),
    "b": (),
    "c": (3, 1),
    "d": (2,),
    "e": (4, 1),
    "f": (2, 2),
    "g": (2, 1, 1),
    "h": (3,),
}
