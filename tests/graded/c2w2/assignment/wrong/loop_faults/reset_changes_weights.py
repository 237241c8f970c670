"""Thinks that a metric takes part in training.

Fails: test_loop_faults_first, test_loop_faults_rest
"""

loop_faults = {
    "a": "error",
    "b": "no change",
    "c": "fine",
    "d": "wrong steps",
    "e": "wrong steps",
    "f": "fine",
    "g": "wrong steps",
    "h": "wrong steps",
    "i": "wrong steps",
    "j": "error",
}
