"""Thinks that a tape knows what was computed before its block.

Fails: test_gradient_causes_rest
"""

gradient_causes = {
    "a": "value",
    "b": "not watched",
    "c": "not float",
    "d": "left TensorFlow",
    "e": "value",
    "f": "no path",
    "g": "value",
    "h": "not watched",
    "i": "not watched",
}
