"""Leaves out the last cases.

Fails: test_after_the_record_cases
"""

after_the_record = {"a": "error", "b": 12, "c": 6, "d": 10}
