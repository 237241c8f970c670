"""Thinks that a tape watches every tensor.

Fails: test_gradient_causes_first, test_gradient_causes_rest
"""

gradient_causes = {
    "a": "value",
    "b": "value",
    "c": "not float",
    "d": "left TensorFlow",
    "e": "not recorded",
    "f": "no path",
    "g": "value",
    "h": "value",
    "i": "not watched",
}
