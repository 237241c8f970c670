"""Thinks that validation data never changes the weights.

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
    "h": "wrong report",
    "i": "wrong report",
    "j": "error",
}
