"""Writes capital letters and underscores."""

gradient_causes = {
    "a": "VALUE",
    "b": "not_watched",
    "c": "Not float",
    "d": "left tensorflow",
    "e": " not recorded ",
    "f": "no-path",
    "g": "Value",
    "h": "not  watched",
    "i": "Not Watched",
}
