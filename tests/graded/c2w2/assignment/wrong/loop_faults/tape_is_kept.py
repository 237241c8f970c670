"""Thinks that a tape can be asked again and again.

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
    "i": "wrong steps",
    "j": "fine",
}
