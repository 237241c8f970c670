"""Thinks that only the same question is refused.

Fails: test_after_the_record_cases
"""

after_the_record = {"a": "error", "b": 12, "c": 6, "d": 10, "e": 7, "f": 7, "g": 16, "h": 14}
