"""Forgets that the weights have changed.

Fails: test_loop_faults_rest
"""

loop_faults = {
    "a": "error",
    "b": "no change",
    "c": "fine",
    "d": "wrong report",
    "e": "wrong steps",
    "f": "fine",
    "g": "wrong steps",
    "h": "fine",
    "i": "wrong steps",
    "j": "error",
}
