"""Expects an error everywhere.

Fails: test_loop_faults_first, test_loop_faults_rest
"""

loop_faults = {case: "error" for case in "abcdefghij"}
