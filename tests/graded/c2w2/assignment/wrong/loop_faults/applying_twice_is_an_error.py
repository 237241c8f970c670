"""Expects an error where gradients are applied twice.

Fails: test_loop_faults_rest
"""

loop_faults = {
    "a": "error",
    "b": "no change",
    "c": "fine",
    "d": "wrong report",
    "e": "wrong steps",
    "f": "fine",
    "g": "error",
    "h": "wrong report",
    "i": "wrong steps",
    "j": "error",
}
