"""Writes the words with capitals."""

mirrored_or_ordinary = {
    "a": "Mirrored",
    "b": "Ordinary",
    "c": "Ordinary",
    "d": "Mirrored",
    "e": "Ordinary",
    "f": "Ordinary",
    "g": "Ordinary",
    "h": "Ordinary",
}
