"""Thinks that a tape sees what happens after its block.

Fails: test_loop_faults_first
"""

loop_faults = {
    "a": "fine",
    "b": "no change",
    "c": "fine",
    "d": "wrong report",
    "e": "wrong steps",
    "f": "fine",
    "g": "wrong steps",
    "h": "wrong report",
    "i": "wrong steps",
    "j": "error",
}
