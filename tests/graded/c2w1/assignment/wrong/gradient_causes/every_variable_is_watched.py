"""Forgets that only trainable Variables are watched.

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
    "h": "not watched",
    "i": "value",
}
