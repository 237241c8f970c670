"""Thinks that two results of one block depend on one another.

Fails: test_gradient_causes_rest
"""

gradient_causes = {
    "a": "value",
    "b": "not watched",
    "c": "not float",
    "d": "left TensorFlow",
    "e": "not recorded",
    "f": "value",
    "g": "value",
    "h": "not watched",
    "i": "not watched",
}
