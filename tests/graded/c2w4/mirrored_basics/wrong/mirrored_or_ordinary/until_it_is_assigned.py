"""Thinks that an assignment outside of the scope takes the copies away.

Fails: test_mirrored_or_ordinary
"""

mirrored_or_ordinary = {
    "a": "ordinary",
    "b": "ordinary",
    "c": "ordinary",
    "d": "mirrored",
    "e": "ordinary",
    "f": "ordinary",
    "g": "ordinary",
    "h": "ordinary",
}
