"""Expects an error where a step is missing.

Fails: test_loop_faults_first
"""

loop_faults = {
    "a": "error",
    "b": "error",
    "c": "fine",
    "d": "wrong report",
    "e": "wrong steps",
    "f": "fine",
    "g": "wrong steps",
    "h": "wrong report",
    "i": "wrong steps",
    "j": "error",
}
