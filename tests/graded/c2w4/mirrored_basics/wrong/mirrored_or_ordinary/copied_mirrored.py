"""Thinks that a variable made from a mirrored one is mirrored.

Fails: test_mirrored_or_ordinary
"""

mirrored_or_ordinary = {
    "a": "mirrored",
    "b": "ordinary",
    "c": "ordinary",
    "d": "mirrored",
    "e": "ordinary",
    "f": "ordinary",
    "g": "mirrored",
    "h": "ordinary",
}
