"""Says whether a value comes, and not why.

Fails: test_gradient_causes_first, test_gradient_causes_rest
"""

gradient_causes = {
    "a": 6.0,
    "b": None,
    "c": None,
    "d": None,
    "e": None,
    "f": None,
    "g": 0.0,
    "h": None,
    "i": None,
}
