"""Begins with what most of them are."""

mirrored_or_ordinary = dict.fromkeys("abcdefgh", "ordinary") | {"a": "mirrored", "d": "mirrored"}
