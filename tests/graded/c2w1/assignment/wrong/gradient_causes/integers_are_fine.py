"""Thinks that whole numbers have a gradient.

Fails: test_gradient_causes_first
"""

gradient_causes = {
    "a": "value",
    "b": "not watched",
    "c": "value",
    "d": "left TensorFlow",
    "e": "not recorded",
    "f": "no path",
    "g": "value",
    "h": "not watched",
    "i": "not watched",
}
