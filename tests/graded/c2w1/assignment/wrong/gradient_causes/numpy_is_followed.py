"""Thinks that a tape follows numpy.

Fails: test_gradient_causes_first
"""

gradient_causes = {
    "a": "value",
    "b": "not watched",
    "c": "not float",
    "d": "value",
    "e": "not recorded",
    "f": "no path",
    "g": "value",
    "h": "not watched",
    "i": "not watched",
}
