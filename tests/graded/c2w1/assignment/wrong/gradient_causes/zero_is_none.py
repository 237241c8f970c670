"""Takes a gradient of zero for None.

Fails: test_gradient_causes_rest
"""

gradient_causes = {
    "a": "value",
    "b": "not watched",
    "c": "not float",
    "d": "left TensorFlow",
    "e": "not recorded",
    "f": "no path",
    "g": "no path",
    "h": "not watched",
    "i": "not watched",
}
