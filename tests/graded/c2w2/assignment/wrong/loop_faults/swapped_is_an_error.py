"""Expects an error where arguments are swapped.

Fails: test_loop_faults_rest
"""

loop_faults = {
    "a": "error",
    "b": "no change",
    "c": "fine",
    "d": "wrong report",
    "e": "error",
    "f": "fine",
    "g": "wrong steps",
    "h": "wrong report",
    "i": "wrong steps",
    "j": "error",
}
