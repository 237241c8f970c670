"""Thinks that x + 1.0 is still the Variable.

Fails: test_gradient_causes_rest
"""

gradient_causes = {
    "a": "value",
    "b": "not watched",
    "c": "not float",
    "d": "left TensorFlow",
    "e": "not recorded",
    "f": "no path",
    "g": "value",
    "h": "value",
    "i": "not watched",
}
