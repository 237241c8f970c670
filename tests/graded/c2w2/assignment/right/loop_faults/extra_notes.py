"""Keeps a note beside the answers."""

loop_faults = {
    "a": "error",
    "b": "no change",
    "c": "fine",
    "d": "wrong report",
    "e": "wrong steps",
    "f": "fine",
    "g": "wrong steps",
    "h": "wrong report",
    "i": "wrong steps",
    "j": "error",
    "note": "c and f surprised me",
}
