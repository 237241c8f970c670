"""Thinks that whatever is computed in the scope is mirrored.

Fails: test_mirrored_or_ordinary
"""

mirrored_or_ordinary = {
    "a": "mirrored",
    "b": "mirrored",
    "c": "mirrored",
    "d": "mirrored",
    "e": "ordinary",
    "f": "ordinary",
    "g": "ordinary",
    "h": "ordinary",
}
