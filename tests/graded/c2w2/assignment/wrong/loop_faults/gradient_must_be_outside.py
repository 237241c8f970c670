"""Thinks that the gradient must be asked for after the block.

Fails: test_loop_faults_first
"""

loop_faults = {
    "a": "error",
    "b": "no change",
    "c": "error",
    "d": "wrong report",
    "e": "wrong steps",
    "f": "fine",
    "g": "wrong steps",
    "h": "wrong report",
    "i": "wrong steps",
    "j": "error",
}
