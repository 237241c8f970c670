"""Leaves some letters out.

Fails: test_mirrored_or_ordinary
"""

mirrored_or_ordinary = {
    "a": "mirrored",
    "b": "ordinary",
    "c": "ordinary",
    "d": "mirrored",
}
