"""Thinks that the tape reads the Variable when it is asked.

Fails: test_after_the_record_cases
"""

after_the_record = {"a": "error", "b": 12, "c": 10, "d": 10, "e": 7, "f": "error", "g": 16, "h": 14}
