"""Answers the first cases only.

Fails: test_loop_faults_rest
"""

loop_faults = {"a": "error", "b": "no change", "c": "fine", "d": "wrong report"}
