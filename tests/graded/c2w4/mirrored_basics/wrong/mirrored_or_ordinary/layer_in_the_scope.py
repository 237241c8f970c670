"""Thinks that a layer has its weights when it is made.

Fails: test_mirrored_or_ordinary
"""

mirrored_or_ordinary = {
    "a": "mirrored",
    "b": "ordinary",
    "c": "ordinary",
    "d": "mirrored",
    "e": "ordinary",
    "f": "ordinary",
    "g": "ordinary",
    "h": "mirrored",
}
