"""Thinks that gradients can be applied once only.

Fails: test_loop_faults_rest
"""

loop_faults = {
    "a": "error",
    "b": "no change",
    "c": "fine",
    "d": "wrong report",
    "e": "wrong steps",
    "f": "fine",
    "g": "fine",
    "h": "wrong report",
    "i": "wrong steps",
    "j": "error",
}
