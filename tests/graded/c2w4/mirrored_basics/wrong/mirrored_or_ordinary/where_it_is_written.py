"""Thinks that it matters where a function stands.

Fails: test_mirrored_or_ordinary
"""

mirrored_or_ordinary = {
    "a": "ordinary",
    "b": "ordinary",
    "c": "ordinary",
    "d": "mirrored",
    "e": "ordinary",
    "f": "mirrored",
    "g": "ordinary",
    "h": "ordinary",
}
